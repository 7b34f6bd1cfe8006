import { z } from "zod";

/** What a child run has done. */
export const AppliedEvents = z.object({
  objectId: z.string(),
  /** Empty where another run had done it. */
  applied: z.array(z.object({ type: z.string(), processed: z.boolean() })),
});
export type AppliedEvents = z.output<typeof AppliedEvents>;

/** What a child run is about: one of Stripe's objects. */
export const ObjectInput = z.object({ objectId: z.string().min(1).max(255) });

/** An event's id, as Stripe makes them. */
export const EventId = z.string().regex(/^evt_[A-Za-z0-9_]{1,250}$/, "That is no event.");
