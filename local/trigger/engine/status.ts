import type { TaskRunError } from "./run";

export type RunStatus =
  | "DELAYED"
  | "PENDING"
  | "DEQUEUED"
  | "EXECUTING"
  | "CANCELED"
  | "COMPLETED_SUCCESSFULLY"
  | "COMPLETED_WITH_ERRORS"
  | "SYSTEM_FAILURE"
  | "CRASHED"
  | "EXPIRED"
  | "TIMED_OUT";

/** The REST API's names; realtime sends the raw ones. */
const apiNames = {
  DELAYED: "DELAYED",
  PENDING: "QUEUED",
  DEQUEUED: "DEQUEUED",
  EXECUTING: "EXECUTING",
  CANCELED: "CANCELED",
  COMPLETED_SUCCESSFULLY: "COMPLETED",
  COMPLETED_WITH_ERRORS: "FAILED",
  SYSTEM_FAILURE: "SYSTEM_FAILURE",
  CRASHED: "CRASHED",
  EXPIRED: "EXPIRED",
  TIMED_OUT: "TIMED_OUT",
} as const satisfies Record<RunStatus, string>;

export type ApiStatus = (typeof apiNames)[RunStatus];

export function apiStatus(status: RunStatus): ApiStatus {
  return apiNames[status];
}

/** The raw status behind an API name; undefined for a name nobody has. */
export function rawStatus(name: string): RunStatus | undefined {
  return (Object.keys(apiNames) as RunStatus[]).find((raw) => apiNames[raw] === name);
}

export const failureStatuses: readonly RunStatus[] = [
  "COMPLETED_WITH_ERRORS",
  "SYSTEM_FAILURE",
  "CRASHED",
  "EXPIRED",
  "TIMED_OUT",
];
const failed: ReadonlySet<RunStatus> = new Set(failureStatuses);

/** A failed run frees its idempotency key. A cancelled one keeps it. */
export function isFailure(status: RunStatus): boolean {
  return failed.has(status);
}

export function isFinal(status: RunStatus): boolean {
  return failed.has(status) || status === "CANCELED" || status === "COMPLETED_SUCCESSFULLY";
}

/** The booleans beside `status` in REST answers. */
export function statusHelpers(status: RunStatus) {
  return {
    isQueued: status === "PENDING" || status === "DELAYED",
    isExecuting: status === "EXECUTING" || status === "DEQUEUED",
    // The real server leaves EXPIRED and TIMED_OUT out, so that runs.poll never ends on them: not copied.
    isCompleted: isFinal(status),
    isFailed: isFailure(status) || status === "CANCELED",
    isSuccess: status === "COMPLETED_SUCCESSFULLY",
    isCancelled: status === "CANCELED",
    isWaiting: false,
  };
}

const failedCodes = new Set(["TASK_INPUT_ERROR", "TASK_OUTPUT_ERROR", "TASK_MIDDLEWARE_ERROR"]);
const crashedCodes = new Set([
  "TASK_PROCESS_OOM_KILLED",
  "TASK_PROCESS_MAYBE_OOM_KILLED",
  "TASK_PROCESS_SIGSEGV",
  "TASK_PROCESS_SIGTERM",
  "TASK_PROCESS_EXITED_WITH_NON_ZERO_CODE",
  "TASK_RUN_CRASHED",
  "TASK_RUN_HEARTBEAT_TIMEOUT",
  "TASK_RUN_STALLED_EXECUTING",
  "TASK_RUN_STALLED_EXECUTING_WITH_WAITPOINTS",
  "HANDLE_ERROR_ERROR",
]);
const uncaughtCodes = new Set(["TASK_RUN_UNCAUGHT_EXCEPTION", "RECURSIVE_WAIT_DEADLOCK"]);

/** How a run ends whose last attempt failed with this error. */
export function statusForError(error: TaskRunError): RunStatus {
  if (error.type !== "INTERNAL_ERROR") return "COMPLETED_WITH_ERRORS";
  if (error.code === "TASK_RUN_CANCELLED") return "CANCELED";
  if (error.code === "MAX_DURATION_EXCEEDED") return "TIMED_OUT";
  if (failedCodes.has(error.code) || uncaughtCodes.has(error.code)) return "COMPLETED_WITH_ERRORS";
  return crashedCodes.has(error.code) ? "CRASHED" : "SYSTEM_FAILURE";
}
