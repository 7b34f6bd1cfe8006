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

/** The store will not take or give this object, now or later: its key or the request is not one it understands. */
export class ObjectRefusedError extends DomainError {
  constructor(key: string, cause: Error) {
    super({
      code: "object-refused",
      kind: "invalid",
      publicMessage: "The file store did not accept this file. Try it under another name.",
      message: `The file store refused the key "${key}": ${cause.message}`,
      cause,
    });
  }
}
