import type { Tone } from "./status-light";

/** What a run's status is called here, and which lamp it lights. */
const words: Record<string, { tone: Tone; text: string }> = {
  PENDING_VERSION: { tone: "waiting", text: "Waiting for a deploy" },
  DELAYED: { tone: "waiting", text: "Scheduled" },
  QUEUED: { tone: "waiting", text: "Queued" },
  DEQUEUED: { tone: "running", text: "Starting" },
  EXECUTING: { tone: "running", text: "Running" },
  WAITING: { tone: "waiting", text: "Waiting" },
  COMPLETED: { tone: "good", text: "Done" },
  CANCELED: { tone: "stopped", text: "Cancelled" },
  FAILED: { tone: "stopped", text: "Failed" },
  CRASHED: { tone: "stopped", text: "Crashed" },
  SYSTEM_FAILURE: { tone: "stopped", text: "Platform failure" },
  EXPIRED: { tone: "stopped", text: "Expired" },
  TIMED_OUT: { tone: "stopped", text: "Timed out" },
};

export function runWords(status: string): { tone: Tone; text: string } {
  return words[status] ?? { tone: "waiting", text: status };
}

/** The statuses a list of runs can be narrowed to. */
export const runStatuses = Object.keys(words);

/** What each task is called here. A task that is not listed goes by its id. */
export const taskNames: Readonly<Record<string, string>> = {
  "process-order": "Process order",
  "fulfill-order": "Pack order",
  "refund-order": "Refund",
  "remove-saved-card": "Card removal",
  "order-notifications": "Mail",
  "handle-stripe-webhook": "Stripe event",
  "apply-checkout-events": "Stripe: payment page",
  "apply-billing-events": "Stripe: subscription",
  "apply-payment-events": "Stripe: payment",
  "import-large-dataset": "Import",
  "import-notifications": "Mail about an import",
  "password-reset-mail": "Mail to set a password",
  "daily-sales-report": "Daily sales report",
  "relay-outbox": "Relay outbox",
  "expire-holds": "Expire holds",
  "resume-stalled": "Resume what stalled",
  "resume-imports": "Resume imports",
  "forget-import-changes": "Forget old imports' changes",
  "reconcile-stripe": "Compare with Stripe",
  "hello-world": "Hello world",
};

/** What runs by the clock and mostly finds nothing to do. */
export const upkeepTasks: readonly string[] = [
  "relay-outbox",
  "expire-holds",
  "resume-stalled",
  "resume-imports",
  "forget-import-changes",
  "reconcile-stripe",
];

export function taskName(taskIdentifier: string): string {
  return taskNames[taskIdentifier] ?? taskIdentifier;
}

/** What a task says about itself while it works (its metadata). */
export type RunProgress = {
  sentence: string | undefined;
  progress: { done: number; total: number | undefined; unit: string } | undefined;
  counts: [name: string, count: number][];
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads metadata without trusting its shape: what is missing or odd is left out. */
export function readProgress(metadata: unknown): RunProgress {
  const { status, progress, counts } = isRecord(metadata) ? metadata : {};
  const { done, total, unit } = isRecord(progress) ? progress : {};
  return {
    sentence: typeof status === "string" ? status : undefined,
    progress:
      typeof done === "number"
        ? {
            done,
            total: typeof total === "number" && total > 0 ? total : undefined,
            unit: typeof unit === "string" ? unit : "",
          }
        : undefined,
    counts: isRecord(counts)
      ? Object.entries(counts).filter((entry): entry is [string, number] => typeof entry[1] === "number")
      : [],
  };
}

/** A duration as people say it: "480 ms", "12.4 s", "3 min 20 s". */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
