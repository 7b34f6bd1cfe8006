import { TemporaryError } from "@/lib/errors";
import type { ImportId } from "@/lib/ids";

/** Another run of the same import is ahead: this one is to look again where it stands. */
export function overtaken(importId: ImportId): TemporaryError {
  return new TemporaryError({
    vendor: "import",
    message: `Another run has gone on with ${importId}; this one looks again.`,
  });
}
