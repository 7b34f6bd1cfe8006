import { DomainError } from "@/lib/errors";

/** No such card for this shopper: unknown, somebody else's, or removed. */
export class CardNotFoundError extends DomainError {
  constructor() {
    super({
      code: "card-not-found",
      kind: "not-found",
      publicMessage: "This card is not kept in your account (any more). Choose another way to pay.",
    });
  }
}

export class CardExpiredError extends DomainError {
  constructor() {
    super({
      code: "card-expired",
      kind: "conflict",
      publicMessage: "This card has expired. Choose another way to pay.",
    });
  }
}
