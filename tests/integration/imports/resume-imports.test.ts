import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import { cancelImport } from "@/lib/imports/cancel-import";
import { resumeImports } from "@/lib/imports/resume-imports";
import { startWorld, type World } from "@/tests/support/world";
import { mug, shopifyCsv } from "../../unit/imports/read-text";
import { run, staff, uploaded } from "./import-text";

let world: World<"s3">;
beforeAll(async () => {
  world = await startWorld({ s3: true });
});
afterAll(() => world.close());
beforeEach(async () => {
  await db().import.deleteMany();
});

const now = new Date();
const everyRunIsOver = async () => true;

const messagesOf = (importId: ImportId) =>
  db().outboxMessage.findMany({
    where: { name: "import.start", payload: { equals: { importId } } },
    orderBy: { id: "asc" },
  });

/** What the relay does: all that waits is sent, each under a run of its own. */
async function sendAll(importId: ImportId) {
  for (const message of await messagesOf(importId))
    await db().outboxMessage.updateMany({
      where: { id: message.id, sentAt: null },
      data: { sentAt: now, runId: `run_of_${message.id}` },
    });
}

/** An import whose run has begun and said nothing since. */
async function begun() {
  const importId = await uploaded(shopifyCsv([mug]));
  await sendAll(importId);
  await db().import.update({ where: { id: importId }, data: { status: "running", runId: "run_1" } });
  return importId;
}

test("an import whose run has vanished gets one other run, however many look", async () => {
  const importId = await begun();

  await Promise.all([1, 2, 3].map(() => resumeImports({ isRunOver: everyRunIsOver, now })));

  const messages = await messagesOf(importId);
  expect(messages).toHaveLength(2);
  expect(messages[1]).toMatchObject({ name: "import.start", sentAt: null, tags: [`import_${importId}`] });
  expect(await run(importId, { runId: "run_2" })).toMatchObject({ created: 1, total: 1 });
});

test("an import whose run lives, or waits to be sent, is left alone", async () => {
  const importId = await begun();
  const waiting = await uploaded(shopifyCsv([mug]));

  const answer = await resumeImports({ isRunOver: async (runId) => runId !== "run_1", now });

  expect(answer).toEqual({ resumed: 0, ended: 0 });
  expect(await messagesOf(importId)).toHaveLength(1);
  expect(await messagesOf(waiting)).toHaveLength(1);
});

test("an import that has ended is left alone", async () => {
  const importId = await begun();
  await cancelImport({ actor: staff, importId, now });

  expect(await resumeImports({ isRunOver: everyRunIsOver, now })).toEqual({ resumed: 0, ended: 0 });
});

test("an import whose runs keep vanishing is given up after ten, with a reason", async () => {
  const importId = await begun();

  for (let sweep = 0; sweep < 12; sweep++) {
    await resumeImports({ isRunOver: everyRunIsOver, now });
    await sendAll(importId);
  }

  expect(await messagesOf(importId)).toHaveLength(10);
  expect(await db().import.findUniqueOrThrow({ where: { id: importId } })).toMatchObject({
    status: "failed",
    failureReason: expect.stringContaining("10 times"),
  });
});
