import { afterAll, beforeAll, expect, test } from "vitest";
import { fuzz } from "@/chaos/fuzz/fuzz";
import { Random } from "@/chaos/random";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"stripe">;

beforeAll(async () => {
  world = await startWorld({ stripe: true, resend: true, carrier: true, s3: true });
});

afterAll(() => world.close());

// The whole proof is `npm run chaos -- fuzz`.
test("two thousand requests, good and tampered: charged is what the oracle says, and what is refused changes nothing", async () => {
  const random = new Random(11);
  const { tally, shops } = await fuzz({ random, requests: 2_000, roundsAShop: 1, tamperedARound: 90 });

  expect(tally.wrongs).toEqual([]);
  expect(tally.requests).toBeGreaterThanOrEqual(2_000);
  expect(shops).toBeGreaterThan(1);
  expect(tally.accepted).toBeGreaterThan(100);
}, 120_000);
