import {
  isManualOutOfMemoryError,
  isOOMRunError,
  shouldLookupRetrySettings,
  shouldRetryError,
} from "@trigger.dev/core/v3/errors";
import type { Run, TaskRunError } from "./run";
import type { TaskRetry } from "./tasks";

/** What the worker says about a failed attempt. */
export type FailedAttempt = { error: TaskRunError; retry?: { timestamp: number; delay: number } | undefined };

export type RetryDecision =
  | { action: "fail" }
  /** The worker keeps the run, sleeps, and starts the next attempt by itself. */
  | { action: "retry-in-place"; delayMs: number }
  /** The run goes back to its queue; no worker may start it before the delay is over. */
  | { action: "requeue"; delayMs: number; machine?: string };

/** The real server's bound on what a task may ask for. */
export const attemptsMax = 250;

/** A worker that sleeps longer than this keeps a process for nothing. */
const inPlaceMaxMs = 30_000;

/** What happens after a failed attempt. Pure: the same input gives the same answer. */
export function decideRetry(
  run: Pick<Run, "attempt_number" | "max_attempts" | "machine">,
  failed: FailedAttempt,
  taskRetry: TaskRetry | null,
): RetryDecision {
  const { error } = failed;
  if (run.attempt_number >= Math.min(run.max_attempts ?? 1, attemptsMax)) return { action: "fail" };
  if (isOOMRunError(error) || isManualOutOfMemoryError(error)) {
    // Out of memory is only tried again where it can go better: on the larger machine the task names.
    const machine = taskRetry?.outOfMemory?.machine;
    return machine && machine !== run.machine ? { action: "requeue", delayMs: 0, machine } : { action: "fail" };
  }
  if (isStall(error)) return { action: "requeue", delayMs: 0 };
  if (!shouldRetryError(error)) return { action: "fail" };
  if (failed.retry) {
    const delayMs = Math.max(0, failed.retry.delay);
    return delayMs <= inPlaceMaxMs ? { action: "retry-in-place", delayMs } : { action: "requeue", delayMs };
  }
  if (!shouldLookupRetrySettings(error)) return { action: "fail" };
  return { action: "requeue", delayMs: backoffMs(taskRetry, run.attempt_number) };
}

/** The worker is gone, which says nothing about the task: it may go on elsewhere at once. */
function isStall(error: TaskRunError): boolean {
  return error.type === "INTERNAL_ERROR" && error.code.startsWith("TASK_RUN_STALLED");
}

/** The pause after an attempt that could not say itself when to try again. */
function backoffMs(retry: TaskRetry | null, attemptNumber: number): number {
  const { factor = 2, minTimeoutInMs = 1_000, maxTimeoutInMs = 60_000, randomize = true } = retry ?? {};
  const pause = minTimeoutInMs * factor ** Math.max(0, attemptNumber - 1) * (randomize ? 1 + Math.random() : 1);
  return Math.round(Math.min(maxTimeoutInMs, pause));
}
