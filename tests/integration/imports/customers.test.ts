import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { registerCustomer } from "@/lib/accounts/register-customer";
import { db } from "@/lib/db/client";
import { retryRefused } from "@/lib/imports/retry-refused";
import { startWorld, type World } from "@/tests/support/world";
import { imported, notesOf, run, staff, uploaded } from "./import-text";

let world: World<"s3">;
beforeAll(async () => {
  world = await startWorld({ s3: true });
});
afterAll(() => world.close());
beforeEach(async () => {
  await db().user.deleteMany();
});

const type = "customers";
const users = () =>
  db().user.findMany({
    orderBy: { email: "asc" },
    select: { email: true, name: true, role: true, emailVerified: true },
  });

test("customers get accounts without a password, by any of the names that files have, and no mail", async () => {
  const { result, notes } = await imported(
    "First Name,Last Name,Email\nAda,Lovelace,ADA@example.com\n,,grace@example.com\n,,\nX,Y,none\n",
    { type },
  );

  expect(result).toMatchObject({ created: 2, refused: 1, total: 4 });
  expect(await users()).toEqual([
    { email: "ada@example.com", name: "Ada Lovelace", role: "customer", emailVerified: false },
    { email: "grace@example.com", name: "grace", role: "customer", emailVerified: false },
  ]);
  expect(await db().account.count()).toBe(0);
  expect(await db().sentMail.count({ where: { recipient: { contains: "@example.com" } } })).toBe(0);
  expect(notes).toMatchObject([{ rowNumber: 4, field: "Email", reason: '"none" is no e-mail address.' }]);
});

test("the same file again writes nothing, and another name of one who has no password becomes theirs", async () => {
  await imported("Email,Name\nada@example.com,Ada\n", { type });
  const before = await db().user.findFirstOrThrow();

  expect((await imported("Email,Name\nada@example.com,Ada\n", { type })).result).toMatchObject({ unchanged: 1 });
  expect(await db().user.findFirstOrThrow()).toEqual(before);

  const { result } = await imported(
    "Email,Name\nada@example.com,Countess\nada@example.com,Lovelace\nada@example.com,\n",
    { type },
  );
  expect(result).toMatchObject({ created: 0, updated: 2, unchanged: 1 });
  expect(await users()).toMatchObject([{ name: "Lovelace" }]);
});

test("who has registered, and who works here, is never changed", async () => {
  await registerCustomer({ email: "ada@example.com", name: "Ada", password: "correct horse", now: new Date() });
  await db().user.create({ data: { id: "user_grace", email: "grace@example.com", name: "Grace", role: "owner" } });
  const before = await db().user.findMany({ orderBy: { id: "asc" } });

  const { result, notes } = await imported(
    "Email,Name\nada@example.com,Eve\ngrace@example.com,Eve\nada@example.com,Ada\n",
    { type },
  );

  expect(result).toMatchObject({ created: 0, updated: 0, unchanged: 3 });
  expect(notes.map(({ rowNumber, severity, reason }) => [rowNumber, severity, reason])).toEqual([
    [1, "adjusted", "Who has made this account theirs keeps their own name."],
    [2, "adjusted", "Who works here keeps their own name."],
  ]);
  expect(await db().user.findMany({ orderBy: { id: "asc" } })).toEqual(before);
});

test("whoever sets a password while the import waits for their account keeps their name, and the row says so", async () => {
  await imported("Email,Name\nada@example.com,Ada\nkay@example.com,Kay\n", { type });
  const { id: userId } = await db().user.findUniqueOrThrow({ where: { email: "ada@example.com" } });
  const importId = await uploaded("Email,Name\nada@example.com,Eve\nkay@example.com,Kim\n", { type });

  const running = await db().$transaction(async (tx) => {
    await tx.account.create({ data: { id: "acc_ada", accountId: userId, providerId: "credential", userId } });
    const result = run(importId);
    await expect.poll(() => waiting()).toBe(1);
    return { result };
  });

  expect(await running.result).toMatchObject({ updated: 1, unchanged: 1 });
  expect(await users()).toMatchObject([{ name: "Ada" }, { name: "Kim" }]);
  expect((await notesOf(importId)).map(({ rowNumber, severity, reason }) => [rowNumber, severity, reason])).toEqual([
    [1, "adjusted", "Who has made this account theirs keeps their own name."],
  ]);
  expect(await db().importChange.findMany({ where: { importId } })).toMatchObject([{ subject: "kay@example.com" }]);
});

/** Statements that wait for a lock. */
async function waiting(): Promise<number> {
  const [row] = await db().$queryRaw<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like '%for update%'`;
  return row?.count ?? 0;
}

test("JSON customers without an address are refused alone, also when just these are tried again", async () => {
  const lines = ['{"email": "ada@example.com"}', '{"name": "Nobody"}', '{"email": "kay@example.com"}'].join("\n");

  const { importId, result } = await imported(lines, { type });
  expect(result).toMatchObject({ created: 2, refused: 1 });

  const retryId = await retryRefused({ actor: staff, importId, now: new Date() });
  expect(await run(retryId)).toMatchObject({ created: 0, refused: 1, total: 1 });
});

test("a dry run tells who would come, and makes nobody", async () => {
  const { importId, result } = await imported("Email,Name\nada@example.com,Ada\nkay@example.com,\n", {
    type,
    dryRun: true,
  });

  expect(result).toMatchObject({ created: 2 });
  expect((await db().import.findUniqueOrThrow({ where: { id: importId } })).samples).toMatchObject([
    { handle: "ada@example.com", title: "Ada", changes: [{ what: "Name", from: "", to: "Ada" }] },
    { handle: "kay@example.com", title: "kay", changes: [{ what: "Name", from: "", to: "kay" }] },
  ]);
  expect(await users()).toEqual([]);
});

test("customers that come again beside others get an account each, across a crash between portions too", async () => {
  const rows = ["ada,A1", "ada,A2", "kay,K1", "kay,K2", "ada,A3", "kay,K2"];
  const importId = await uploaded(
    ["Email,Name", ...rows.map((row) => row.replace(",", "@example.com,")), ""].join("\n"),
    { type },
  );
  let killed = 0;
  await expect(
    run(importId, {
      chunkRows: 4,
      report: ({ rowsRead }) => {
        if (rowsRead === 4 && killed++ === 0) throw new Error("killed");
      },
    }),
  ).rejects.toThrow("killed");

  const result = await run(importId, { runId: "run_2", chunkRows: 4 });

  expect(result).toMatchObject({ created: 2, updated: 3, unchanged: 1, refused: 0, total: 6 });
  expect(await users()).toMatchObject([
    { email: "ada@example.com", name: "A3" },
    { email: "kay@example.com", name: "K2" },
  ]);
});
