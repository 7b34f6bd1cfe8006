import { z } from "zod";

/** What we keep of an event: what it is about. What it says is read again from Stripe when it is handled. */
const Event = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  created: z.int(),
  data: z.object({ object: z.looseObject({ id: z.string().optional() }) }),
});

export type StripeEventMessage = {
  id: string;
  type: string;
  objectId: string | null;
  createdAt: Date;
  /** The body as it came, parsed. */
  payload: unknown;
};

/** An event as we keep it, by webhook or from Stripe's list. @throws ZodError for what is no event */
export function toEventMessage(payload: unknown): StripeEventMessage {
  const { id, type, created, data } = Event.parse(payload);
  return { id, type, objectId: data.object.id ?? null, createdAt: new Date(created * 1000), payload };
}
