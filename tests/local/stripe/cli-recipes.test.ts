import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type RunningStripe, startStripe } from "@/local/stripe/server";
import { sharedData } from "../../support/shared-data";
import { clientOf, openReceiver, secretKey, webhookSecret } from "./local-stripe";
import { follow, recipeOf } from "./recipe";

const bankDebit = "needs a SEPA debit: cards are all this Stripe takes";
const schedule = "needs subscription schedules";
const testClock = "needs subscription schedules and test clocks: this Stripe has one clock, moved by hand";

/** The recipes that cannot run here, and what each would need. */
const missing: Record<string, string> = {
  "checkout.session.async_payment_failed": bankDebit,
  "checkout.session.async_payment_succeeded": bankDebit,
  "payment_intent.partially_funded": "needs a customer's cash balance, filled by bank transfer",
  "payment_intent.processing": bankDebit,
  "subscription_schedule.aborted": schedule,
  "subscription_schedule.canceled": schedule,
  "subscription_schedule.completed": testClock,
  "subscription_schedule.created": schedule,
  "subscription_schedule.expiring": testClock,
  "subscription_schedule.released": schedule,
  "subscription_schedule.updated": schedule,
};

/** The events that Stripe's own command-line tool knows to make happen. */
const folder = sharedData("stripe-cli-triggers");
const all = folder === undefined ? [] : readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
const running = all.filter((type) => !Object.hasOwn(missing, type));

describe.skipIf(folder === undefined)(`${running.length} of the ${all.length} recipes of Stripe's CLI`, () => {
  let local: RunningStripe;
  let stateDir: string;
  let receiver: Awaited<ReturnType<typeof openReceiver>>;

  beforeAll(async () => {
    receiver = await openReceiver();
    stateDir = await mkdtemp(join(tmpdir(), "shopfloor-test-"));
    local = await startStripe({
      port: 0,
      secretKey,
      stateDir,
      webhook: { url: receiver.url, secret: webhookSecret },
    });
  });

  afterAll(async () => {
    await local?.close();
    receiver?.close();
    await rm(stateDir, { recursive: true, force: true });
  });

  const eventsSince = async (type: string, last: string | undefined) => {
    const events = await clientOf(local).events.list({ type, limit: 100, ...(last ? { ending_before: last } : {}) });
    return events.data.map(({ id }) => id);
  };

  test.each(running)("the recipe for %s ends with that event delivered", async (type) => {
    const [last] = await eventsSince(type, undefined);

    await follow(recipeOf(type) ?? "", { url: local.url, secretKey });

    const [id, ...others] = await eventsSince(type, last);
    expect(id, "no such event came of it").toBeDefined();
    expect(others).toEqual([]);
    await vi.waitFor(() => expect(receiver.received.map(({ event }) => event.id)).toContain(id), {
      timeout: 10_000,
      interval: 5,
    });
  });

  // Stripe's own steps for this one expect to be refused, so that nothing comes of it there either.
  const refusedAnyway = "checkout.session.async_payment_failed";

  test.each(Object.keys(missing).filter((type) => type !== refusedAnyway))(
    "the recipe for %s is refused in a sentence",
    async (type) => {
      await expect(follow(recipeOf(type) ?? "", { url: local.url, secretKey })).rejects.toThrow(
        /Unrecognized request URL|unknown parameter|must be one of card|Missing required param/,
      );
    },
  );
});
