import { ApiError } from "@trigger.dev/sdk";
import { DomainError } from "@/lib/errors";

/** The platform knows no such run (any more). */
export class RunNotFoundError extends DomainError {
  constructor(cause?: unknown) {
    super({ code: "run-not-found", kind: "not-found", publicMessage: "There is no such run (any more).", cause });
  }
}

/** The platform refuses what was asked of a run, and says why. */
export class RunActionRefusedError extends DomainError {
  constructor(reason: string, cause?: unknown) {
    super({
      code: "run-action-refused",
      kind: "conflict",
      publicMessage: `The run was left as it is: ${reason}`,
      cause,
    });
  }
}

/** The platform does not answer. What it was given to do is not lost. */
export class RunsUnavailableError extends DomainError {
  constructor(cause?: unknown) {
    super({
      code: "runs-unavailable",
      kind: "conflict",
      publicMessage:
        "The task platform does not answer just now. Work that was asked for is kept and done later. Try again in a minute.",
      cause,
    });
  }
}

/** Says what an error of the platform's client means here. @throws RunNotFoundError, RunActionRefusedError, RunsUnavailableError */
export async function ofRuns<Value>(work: PromiseLike<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404) throw new RunNotFoundError(error);
    const isRefusal = error.status === 400 || error.status === 409 || error.status === 422;
    throw isRefusal ? new RunActionRefusedError(error.message, error) : new RunsUnavailableError(error);
  }
}
