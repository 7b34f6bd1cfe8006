import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { startWorld, type World } from "@/tests/support/world";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

test("more transactions than connections follow each other, and reading goes on beside them", async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const wanted = Array.from({ length: 30 }, (_, n) => n);
  const all = wanted.map((n) => transaction(async () => released.then(() => n)));
  await sleep(100);

  await expect(db().$queryRaw`select 1 as one`).resolves.toEqual([{ one: 1 }]);
  release();
  expect(await Promise.all(all)).toEqual(wanted);
});
