import { S3ServiceException } from "@aws-sdk/client-s3";
import { TemporaryError } from "@/lib/errors";
import { findFailure, isFinal, retryAfterMs } from "@/lib/vendor-failures";
import { ObjectNotFoundError, ObjectRefusedError } from "./errors";

/**
 * The file store's errors in our words; what each of them means stands in `lib/vendor-failures.ts`. Wrong keys and a
 * missing bucket come back as they are: a person has to put the settings right.
 */
export function translateS3Error(key: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const answered = error instanceof S3ServiceException;
  const status = answered ? error.$metadata.httpStatusCode : undefined;
  const { kind, reaction } = findFailure("s3", { status, code: error.name });
  if (kind === "misconfigured") return error;
  if (kind === "missing") return new ObjectNotFoundError(key, error);
  if (isFinal(reaction)) return new ObjectRefusedError(key, error);
  const what = answered ? `answered ${status ?? "nothing"} (${error.name})` : `could not be reached (${error.message})`;
  return new TemporaryError({
    vendor: "s3",
    message: `The file store ${what} for "${key}".`,
    pace: reaction,
    retryAfterMs: answered ? retryAfterMs(error.$response?.headers["retry-after"]) : undefined,
    cause: error,
  });
}
