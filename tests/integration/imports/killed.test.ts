import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { digestOfCatalogue } from "@/chaos/imports/content";
import { makeFile } from "@/chaos/imports/file";
import { importKilled } from "@/chaos/imports/import-killed";
import { judgeImport } from "@/chaos/imports/judge-import";
import { startImport } from "@/chaos/imports/start-import";
import { Random } from "@/chaos/random";
import { temporaryFolder } from "@/tests/support/temporary-folder";
import { startWorld, type World } from "@/tests/support/world";
import { emptyCatalogue, run } from "./import-text";

let world: World<"s3">;
beforeAll(async () => {
  world = await startWorld({ s3: true });
});
afterAll(() => world.close());

test("an import whose workers are killed makes just what an undisturbed one makes, and refuses each bad row once", async () => {
  const { text, rows, expected } = makeFile(7, 4_000);
  await run(await startImport(text));
  const undisturbed = await digestOfCatalogue();
  await emptyCatalogue();

  const importId = await startImport(text);
  const logFile = join(await temporaryFolder(), "workers.log");
  const killed = await importKilled({ importId, kills: 5, chunkRows: 250, random: new Random(7), logFile });

  expect(killed).toMatchObject({ kills: 5, runs: 6, wentBack: 0, failures: [] });
  expect(await judgeImport(importId, rows, expected)).toEqual({ lost: [], doubled: [], wrong: [] });
  expect(await digestOfCatalogue()).toBe(undisturbed);
  expect(new Set(expected.bad.map(({ kind }) => kind)).size).toBe(20);
}, 120_000);
