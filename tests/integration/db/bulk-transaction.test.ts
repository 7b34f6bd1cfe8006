import { setImmediate } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { bulkPool } from "@/lib/db/bulk-pool";
import { bulkTransaction } from "@/lib/db/bulk-transaction";
import { startWorld, type World } from "@/tests/support/world";

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await bulkPool().query(
    "create table sample (n int primary key, words text[], word text, at timestamptz, is_on boolean)",
  );
});
afterAll(() => world.close());
afterEach(() => bulkPool().query("truncate sample"));

const columns = ["n", "words", "word", "at", "is_on"];
const count = async () => Number((await bulkPool().query("select count(*) from sample")).rows[0].count);

test("every text arrives by COPY as it was", async () => {
  const texts = [
    "",
    "plain",
    "\\N",
    "\\.",
    "a\tb\nc\rd\\e\\\\n",
    '"{a,b}"',
    "\b\f\v",
    "Ärzte ☕ 🛠",
    "'",
    "NULL",
    " x ",
  ];
  const at = new Date("2026-11-30T12:34:56.789Z");

  await bulkTransaction(async (tx) => {
    await tx.copy("sample", columns, [
      ...texts.map((text, n) => [n, [text, "next"], text, at, n % 2 === 0]),
      [99, [], null, null, null],
      [100, texts, null, null, null],
    ]);
  });

  const { rows } = await bulkPool().query("select * from sample order by n");
  expect(rows).toEqual([
    ...texts.map((word, n) => ({ n, words: [word, "next"], word, at, is_on: n % 2 === 0 })),
    { n: 99, words: [], word: null, at: null, is_on: null },
    { n: 100, words: texts, word: null, at: null, is_on: null },
  ]);
});

test("what fails keeps nothing, and leaves a connection that works", async () => {
  const work = bulkTransaction(async (tx) => {
    await tx.copy("sample", ["n"], [[1], [2]]);
    await tx.copy("sample", ["n"], [[3], [1]]);
  });

  await expect(work).rejects.toMatchObject({ code: "23505" });
  expect(await count()).toBe(0);
  await bulkTransaction((tx) => tx.copy("sample", ["n"], [[1]]));
  expect(await count()).toBe(1);
});

test("rows that break off while they are written keep nothing", async () => {
  function* broken() {
    for (let n = 0; n < 50_000; n++) yield [n];
    throw new Error("broken");
  }

  await expect(bulkTransaction((tx) => tx.copy("sample", ["n"], broken()))).rejects.toThrow("broken");

  expect(await count()).toBe(0);
  expect(await bulkTransaction((tx) => tx.query("select 1 as one"))).toEqual([{ one: 1 }]);
});

test("two that lock each other both get through", async () => {
  await bulkTransaction((tx) => tx.copy("sample", ["n"], [[1], [2]]));
  let holding = 0;
  const both = (first: number, second: number) =>
    bulkTransaction(async (tx) => {
      await tx.execute("update sample set word = 'seen' where n = $1", [first]);
      holding += 1;
      while (holding < 2) await setImmediate();
      return tx.execute("update sample set word = 'seen' where n = $1", [second]);
    });

  expect(await Promise.all([both(1, 2), both(2, 1)])).toEqual([1, 1]);
});

test("a connection that dies in the middle is given up, and the next one works", async () => {
  const work = bulkTransaction(async (tx) => {
    await tx.copy("sample", ["n"], [[1]]);
    const [{ pid } = { pid: 0 }] = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
    await bulkPool().query("select pg_terminate_backend($1)", [pid]);
    await tx.copy("sample", ["n"], [[2]]);
  });

  await expect(work).rejects.toThrow();

  expect(await count()).toBe(0);
  await bulkTransaction((tx) => tx.copy("sample", ["n"], [[1]]));
  expect(await count()).toBe(1);
});
