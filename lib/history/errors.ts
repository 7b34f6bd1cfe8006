import { DomainError } from "@/lib/errors";

export class PastOrderNotFoundError extends DomainError {
  constructor() {
    super({ code: "past-order-not-found", kind: "not-found", publicMessage: "There is no such past order." });
  }
}
