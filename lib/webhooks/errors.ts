import { DomainError } from "@/lib/errors";

export class EventNotFoundError extends DomainError {
  constructor(eventId: string) {
    super({
      code: "stripe-event-not-found",
      kind: "not-found",
      publicMessage: "There is no such event. Events are kept when Stripe sends them.",
      message: `No Stripe event ${eventId}`,
    });
  }
}
