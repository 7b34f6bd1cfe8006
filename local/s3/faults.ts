import { setTimeout as delay } from "node:timers/promises";
import { S3Error } from "./errors";
import type { S3Request } from "./request";

/** What a request on a key with one of these words in it meets. A person can type them: they are file names. */
export type Fault =
  | { kind: "none" }
  /** Close the connection without an answer, before anything is done. */
  | { kind: "drop-before" }
  /** Do the work, then close the connection without an answer. */
  | { kind: "drop-after" };

const slowAnswerMs = 3000;

/** Faults marked once happen to the first request of a key and method since the start, so a retry gets through. */
export function createFaults() {
  const met = new Set<string>();
  const once = (request: S3Request, word: string) => {
    const occasion = JSON.stringify([word, request.method, request.bucket, request.key]);
    const first = !met.has(occasion);
    met.add(occasion);
    return first;
  };

  return {
    /** Throws the fault's error, waits its delay, or says when to close the connection. */
    async meet(request: S3Request): Promise<Fault> {
      const key = request.key ?? "";
      if (key.includes("slow-down") && once(request, "slow-down")) throw new S3Error("SlowDown");
      if (key.includes("internal-error") && once(request, "internal-error")) throw new S3Error("InternalError");
      if (key.includes("unavailable-storage")) throw new S3Error("ServiceUnavailable");
      if (key.includes("forbidden-file")) throw new S3Error("AccessDenied");
      if (key.includes("slow-answer")) await delay(slowAnswerMs);
      if (key.includes("drop-before") && once(request, "drop-before")) return { kind: "drop-before" };
      if (key.includes("drop-after") && once(request, "drop-after")) return { kind: "drop-after" };
      return { kind: "none" };
    },
    clear: () => met.clear(),
  };
}

export type Faults = ReturnType<typeof createFaults>;
