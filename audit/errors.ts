/** Something that has to be read is away, so nothing can be said about the store. */
export class CouldNotLookError extends Error {
  override readonly name = "CouldNotLookError";

  constructor(what: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
    super(`${what} could not be read: ${reason}`, { cause });
  }
}

/** The command was called wrongly. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
