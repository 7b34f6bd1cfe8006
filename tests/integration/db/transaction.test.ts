import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { transaction } from "@/lib/db/transaction";
import { TemporaryError } from "@/lib/errors";
import { startWorld, type World } from "@/tests/support/world";

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

test("when every connection is in use, who waits too long is told to come again, and the others end as they would", async () => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const busy = Array.from({ length: 10 }, (_, n) => transaction(async () => released.then(() => n)));
  await sleep(300);

  const refused = transaction(async () => "never", { waitMaxMs: 200 });

  await expect(refused).rejects.toThrow(TemporaryError);
  release();
  expect(await Promise.all(busy)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
