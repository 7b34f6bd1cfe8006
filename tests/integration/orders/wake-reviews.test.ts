import { wait } from "@trigger.dev/sdk";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { setCrashTrap } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { approveReview, refuseReview } from "@/lib/orders/decide-review";
import { openDecision } from "@/lib/orders/open-decision";
import { wakeReviews } from "@/lib/orders/wake-reviews";
import { startWorld, type World } from "@/tests/support/world";
import { confirmedOrder, grace, inMinutes, shelve } from "./shop";

let world: World<"stripe" | "trigger">;

beforeAll(async () => {
  world = await startWorld({ stripe: true, trigger: true });
});

afterEach(() => setCrashTrap(undefined));

afterAll(() => world.close());

test.each([
  { name: "approve", decide: approveReview },
  { name: "refuse", decide: refuseReview },
])("a run that waits hears of a decision whose process died before telling it ($name)", async ({ decide }) => {
  const { orderId } = await confirmedOrder([await shelve("Lathe", 1)]);
  const reviewId = newId("review");
  await db().orderReview.create({ data: { id: reviewId, orderId, kind: "order", reason: "Large." } });
  const tokenId = (await openDecision({ orderId, reviewId })) ?? "";
  setCrashTrap(
    (point) => {
      if (point === "decide-review: after commit") throw new Error("died");
    },
    { everywhere: true },
  );
  await expect(decide({ actor: grace, orderId, reviewId, reason: "Odd.", now: new Date() })).rejects.toThrow("died");
  setCrashTrap(undefined);
  expect((await wait.retrieveToken(tokenId)).status).toBe("WAITING");

  const woken = await wakeReviews({ now: inMinutes(2) });

  expect(woken).toBe(1);
  expect((await wait.retrieveToken(tokenId)).status).toBe("COMPLETED");
  expect(await wakeReviews({ now: inMinutes(2) })).toBe(0);
});
