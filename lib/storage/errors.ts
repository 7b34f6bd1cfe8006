import { DomainError } from "@/lib/errors";

/** There is no object under this key: it was never stored, or has been deleted. */
export class ObjectNotFoundError extends DomainError {
  constructor(key: string, cause?: unknown) {
    super({
      code: "object-not-found",
      kind: "not-found",
      publicMessage: "This file is not there any more. Make or upload it again.",
      message: `No object under the key "${key}".`,
      cause,
    });
  }
}
