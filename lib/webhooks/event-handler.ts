import type { Tx } from "@/lib/db/transaction";

export type KeptEvent = { type: string; objectId: string; object: unknown };

/** What an event did: `ignored` where it is about something that is not ours. */
export type EventOutcome = "handled" | "ignored";

/**
 * Reads what the event is about from Stripe, as it is now, and answers the effect: a function that runs in the
 * transaction in which the event is marked. The effect must be right however often and in whatever order events come.
 */
export type EventHandler = (event: KeptEvent, now: Date) => Promise<(tx: Tx) => Promise<EventOutcome>>;
