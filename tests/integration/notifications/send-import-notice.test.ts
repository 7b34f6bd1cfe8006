import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import { cancelImport } from "@/lib/imports/cancel-import";
import { endImport } from "@/lib/imports/end-import";
import { UnreadableFileError } from "@/lib/imports/errors";
import { resumeNotices } from "@/lib/notifications/resume-notices";
import { sendImportNotice } from "@/lib/notifications/send-import-notice";
import { reviveMessages } from "@/lib/outbox/revive-messages";
import { imported, run, staff, uploaded } from "@/tests/integration/imports/import-text";
import { startWorld, type World } from "@/tests/support/world";
import { mug, shopifyCsv } from "../../unit/imports/read-text";

let world: World<"resend" | "s3">;

beforeAll(async () => {
  world = await startWorld({ resend: true, s3: true });
  const [ada, grace] = [
    { id: "user_ada", name: "Ada", email: "ada@shopfloor.example", role: "staff" as const },
    { id: "user_grace", name: "Grace", email: "grace@shopfloor.example", role: "owner" as const },
  ];
  await db().user.createMany({ data: [ada, grace] });
});
afterAll(() => world.close());
beforeEach(async () => {
  await fetch(`${world.resend.url}/_local/reset`, { method: "POST", body: "{}" });
});
afterEach(async () => {
  setCrashTrap(undefined);
  await db().user.update({ where: { id: "user_ada" }, data: { role: "staff" } });
});

type InboxMail = { to: string[]; subject: string; text: string };
const inbox = async () => (await (await fetch(`${world.resend.url}/_local/emails`)).json()) as InboxMail[];
const now = () => new Date();
const send = (importId: ImportId) => sendImportNotice({ importId, now: now() });
const asked = (importId: ImportId) =>
  db().outboxMessage.findMany({
    where: { name: "import.notify", payload: { equals: { importId } } },
    orderBy: { id: "asc" },
  });
const fail = (importId: ImportId) =>
  endImport({ importId, status: "failed", reason: "It was tried ten times.", now: now() });

const twoMugs = shopifyCsv([mug, { ...mug, Handle: "bad", "Variant Price": "bad" }]);

test("who started an import that completed is told, and nobody else, once, however many ask", async () => {
  const { importId } = await imported(twoMugs);
  await run(importId);

  const results = await Promise.all([send(importId), send(importId), send(importId)]);
  results.push(await send(importId));

  expect(await asked(importId)).toHaveLength(1);
  expect(results.filter((one) => one?.sent)).toHaveLength(1);
  const [mail, ...others] = await inbox();
  expect(others).toEqual([]);
  expect(mail).toMatchObject({ to: ["ada@shopfloor.example"], subject: "The import of products.csv is complete" });
  expect(mail?.text).toMatch(/2 rows were read in \d+\.\d s\. Products: 1 created, 0 updated, 0 unchanged\./);
  expect(mail?.text).toContain("1 row was refused.");
  expect(mail?.text).toContain(`http://localhost:3000/admin/imports/${importId}`);
  expect(await db().sentMail.count({ where: { importId } })).toBe(1);
});

test("a file that cannot be read is told with the reason, although its run fails afterwards as well", async () => {
  const importId = await uploaded("Handle,Price list\na,b\n");
  await expect(run(importId)).rejects.toBeInstanceOf(UnreadableFileError);
  await fail(importId);

  await send(importId);

  expect(await asked(importId)).toHaveLength(1);
  expect(await inbox()).toMatchObject([
    { subject: "The import of products.csv failed", text: expect.stringContaining('"Variant Price" is missing') },
  ]);
});

test("an import that is given up is told", async () => {
  const importId = await uploaded(twoMugs);
  await fail(importId);

  await send(importId);

  expect(await asked(importId)).toHaveLength(1);
  expect(await inbox()).toMatchObject([{ text: expect.stringContaining("It was tried ten times.") }]);
});

test("an import that a person stops is not told, whichever way it is stopped", async () => {
  const [stopped, ofRun] = [await uploaded(twoMugs), await uploaded(twoMugs)];
  await cancelImport({ actor: staff, importId: stopped, now: now() });
  await endImport({ importId: ofRun, status: "cancelled", reason: "Its run was cancelled.", now: now() });

  for (const importId of [stopped, ofRun]) {
    expect(await asked(importId)).toEqual([]);
    expect(await send(importId)).toBeNull();
  }
  expect(await inbox()).toEqual([]);
});

test("one that goes on after it failed is told at its end, and only of that one", async () => {
  const importId = await uploaded(twoMugs);
  await fail(importId);
  await db().import.update({ where: { id: importId }, data: { status: "running" } });
  expect(await send(importId)).toBeNull();
  await run(importId);
  expect(await asked(importId)).toHaveLength(2);

  for (const _ of await asked(importId)) await send(importId);

  expect(await inbox()).toMatchObject([{ subject: "The import of products.csv is complete" }]);
});

test("who works here no more is not told", async () => {
  const { importId } = await imported(twoMugs);
  await db().user.update({ where: { id: "user_ada" }, data: { role: "customer" } });

  expect(await send(importId)).toBeNull();
  expect(await inbox()).toEqual([]);
});

test("wherever a process dies between the end of an import and its mail, there is one mail", async () => {
  const died: string[] = [];
  for (let nth = 1; died.length === nth - 1; nth++) {
    const importId = await uploaded(twoMugs);
    let at = 0;
    setCrashTrap(
      (name) => {
        if (++at !== nth) return;
        died.push(name);
        throw new Error("killed");
      },
      { everywhere: true },
    );
    const work = async () => {
      await run(importId);
      if ((await asked(importId)).length === 1) await send(importId);
    };
    await work().catch(() => undefined);
    setCrashTrap(undefined);
    await work();

    expect(await asked(importId), died.at(-1)).toHaveLength(1);
    expect(await db().import.findUniqueOrThrow({ where: { id: importId } })).toMatchObject({ status: "completed" });
    expect(await db().sentMail.findMany({ where: { importId } })).toMatchObject([{ sentAt: expect.any(Date) }]);
    expect(await inbox(), died.at(-1)).toHaveLength(nth);
  }

  expect(died).toEqual(
    expect.arrayContaining(["run-import: before commit", "run-import: after commit", "mail.claimed", "mail.sent"]),
  );
});

test("a mail whose run died is asked for once more, and one that went out is not", async () => {
  const [lost, told] = [await imported(twoMugs), await imported(twoMugs)].map(({ importId }) => importId);
  if (!lost || !told) throw new Error("Two imports were made.");
  const sentAt = new Date(Date.now() - 5 * 60_000);
  await db().outboxMessage.updateMany({ where: { name: "import.notify" }, data: { sentAt, runId: "run_dead" } });
  await db().sentMail.deleteMany();
  await send(told);
  await db().import.deleteMany({ where: { id: { notIn: [lost, told] } } });

  await resumeNotices({ isRunOver: async () => true, now: now() });
  await resumeNotices({ isRunOver: async () => true, now: now() });

  expect(await asked(told)).toHaveLength(1);
  expect(await asked(lost)).toMatchObject([{}, { key: expect.stringMatching(/:again$/), sentAt: null }]);
});

test("a mail whose run the platform gave up is asked for again", async () => {
  const { importId } = await imported(twoMugs);
  const [message] = await asked(importId);
  await db().outboxMessage.updateMany({ where: { id: message?.id }, data: { sentAt: now(), runId: "run_dead" } });
  const dead = { tags: [message?.id ?? "", "store"] };

  expect(await reviveMessages({ runs: [dead], now: now() })).toBe(1);
  expect(await reviveMessages({ runs: [dead], now: now() })).toBe(0);

  expect(await asked(importId)).toMatchObject([{ id: message?.id }, { sentAt: null }]);
});
