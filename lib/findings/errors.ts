import { DomainError } from "@/lib/errors";

/** There is no such finding, or it has been resolved. */
export class FindingResolvedError extends DomainError {
  constructor() {
    super({
      code: "finding-resolved",
      kind: "conflict",
      publicMessage: "This was resolved meanwhile. Load the page again to see how it stands.",
    });
  }
}
