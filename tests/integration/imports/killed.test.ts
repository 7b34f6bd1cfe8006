import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFile } from "@/chaos/imports/files/make-file";
import { proveImport } from "@/chaos/imports/prove";
import { Random } from "@/chaos/random";
import { ImportType } from "@/lib/imports/import-type";
import { temporaryFolder } from "@/tests/support/temporary-folder";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"s3">;
beforeAll(async () => {
  world = await startWorld({ s3: true });
});
afterAll(() => world.close());

const waysOfBeingBad: Record<ImportType, number> = {
  products: 20,
  inventory: 10,
  customers: 5,
  orders: 11,
  records: 7,
};

/** The kill comes at another moment in each; beside the first worker of the last two another one is set before it. */
const seeds: Record<ImportType, number> = { products: 7, inventory: 1, customers: 2, orders: 4, records: 4 };

test.each(ImportType.options)(
  "an import of %s whose workers are killed makes just what its file says, and is undone as if it had never been",
  async (type) => {
    const file = makeFile(type, 7, 3_000);
    const logFile = join(await temporaryFolder(), "workers.log");

    const { killed, undone, wrongs } = await proveImport(
      { file, kills: 1, chunkRows: 30, random: new Random(seeds[type]), logFile },
      { undoing: true },
    );

    expect(wrongs).toEqual({ lost: [], doubled: [], wrong: [] });
    expect([killed.kills, undone?.kills]).toEqual([1, 1]);
    if (seeds[type] === 4) expect(killed.rivals).toBeGreaterThan(0);
    expect(new Set(file.expected.bad.map(({ kind }) => kind)).size).toBe(waysOfBeingBad[type]);
  },
  120_000,
);
