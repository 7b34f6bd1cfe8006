import { DomainError, TemporaryError } from "@/lib/errors";

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

/** Another event changed our row while Stripe was being asked, so the answer may be the older one: ask again. */
export class StaleAnswerError extends TemporaryError {
  constructor(what: string) {
    super({ vendor: "stripe", message: `The ${what} changed while it was being read` });
  }
}
