import type { Completion, Execution, Waitpoint } from "../protocol";

/** What a run process is told. Dates are text, as everywhere on a wire. */
export type ToRunProcess =
  | { type: "execute"; execution: Execution; variables: Record<string, string>; worker: WorkerIdentity }
  | { type: "waitpoints"; waitpoints: Waitpoint[] }
  /** Calls the cancel hooks and sends what was logged; the process is ended afterwards. */
  | { type: "cancel"; timeoutMs: number }
  | { type: "flush" };

export type FromRunProcess =
  | { type: "ready" }
  | { type: "completed"; run: string; attempt: number; completion: Completion; memoryBytes?: number }
  /** The run waits for something outside of the process: it needs no slot meanwhile. */
  | { type: "suspendable"; suspendable: boolean }
  | { type: "uncaught"; error: { name: string; message: string; stack?: string }; origin: string }
  | { type: "max-duration"; maxDurationInSeconds: number; elapsedTimeInSeconds: number }
  | { type: "cancelling" }
  | { type: "flushed" };

/** The registered version of the code that a process runs. */
export type WorkerIdentity = { id: string; version: string; contentHash: string };

/** What the bundle holds, for the processes that load it. */
export type BundleManifest = {
  configPath: string;
  initPath: string | undefined;
  files: { entry: string; out: string }[];
};

/** Where a process finds its BundleManifest. */
export const manifestVariable = "TRIGGER_LOCAL_BUNDLE";

/** What a run process calls itself, in lists of processes. */
export const runProcessTitle = "trigger-local-run";
