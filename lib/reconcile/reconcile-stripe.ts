import {
  type ListPage,
  type ListPosition,
  listStripeDisputes,
  listStripeEvents,
  listStripePayments,
  listStripeRefunds,
} from "@/lib/payments/stripe-lists";
import { handledEventTypes } from "@/lib/webhooks/event-handlers";
import { compareDisputes } from "./compare-disputes";
import { comparePayments } from "./compare-payments";
import { compareRefunds } from "./compare-refunds";
import type { Compared } from "./compared";
import { receiveMissedEvents } from "./receive-missed-events";
import { type WalkSettings, walkList } from "./walk-list";

const hour = 60 * 60_000;
const day = 24 * hour;

/** Events tell what changed; what they do not tell, or no more, the objects themselves do. */
const walks = {
  // Stripe may show an event some time after the moment it names.
  events: { list: "events", everyMs: 0, lookBackMs: hour, firstLookBackMs: null, pagesMax: 100 },
  // An authorisation lapses after a week, so that what is older does not change any more.
  payments: { list: "payments", everyMs: hour, lookBackMs: 8 * day, firstLookBackMs: 30 * day, pagesMax: 50 },
  // A refund may fail weeks after it was made.
  refunds: { list: "refunds", everyMs: hour, lookBackMs: 35 * day, firstLookBackMs: 60 * day, pagesMax: 50 },
  // A bank may take months to decide.
  disputes: { list: "disputes", everyMs: hour, lookBackMs: 120 * day, firstLookBackMs: 120 * day, pagesMax: 50 },
} as const satisfies Record<string, WalkSettings>;

export type Reconciled = Compared & {
  /** Events that no webhook had brought. */
  events: number;
  /** False where there was more to look at than one cycle does; the next one goes on. */
  finished: boolean;
};

/**
 * One cycle of comparing the store with Stripe: takes in the events that no webhook brought, compares payments, refunds and
 * disputes with ours, mends what can be mended safely and raises the rest to a person. Does so many pages at a time; where it
 * stops or dies, the next cycle goes on. May be run at any time, again, and several at once.
 *
 * @throws TemporaryError, PaymentMisconfiguredError while Stripe cannot be asked; the next cycle goes on from there
 */
export async function reconcileStripe({ now }: { now: Date }): Promise<Reconciled> {
  const sum: Reconciled = { events: 0, repaired: 0, raised: 0, failed: 0, finished: true };
  const compare = async <Item>(
    settings: WalkSettings,
    read: (at: ListPosition) => Promise<ListPage<Item>>,
    look: (items: Item[], now: Date) => Promise<Compared>,
  ) => {
    const isAtEnd = await walkList(settings, now, read, async (items) => {
      const { repaired, raised, failed } = await look(
        items.map(({ item }) => item),
        now,
      );
      sum.repaired += repaired;
      sum.raised += raised;
      sum.failed += failed;
    });
    sum.finished &&= isAtEnd;
  };

  sum.finished = await walkList(
    walks.events,
    now,
    (at) => listStripeEvents(handledEventTypes, at),
    async (events) => {
      sum.events += await receiveMissedEvents(events.map(({ item }) => item));
    },
  );
  await compare(walks.payments, listStripePayments, comparePayments);
  await compare(walks.refunds, listStripeRefunds, compareRefunds);
  await compare(walks.disputes, listStripeDisputes, compareDisputes);
  return sum;
}
