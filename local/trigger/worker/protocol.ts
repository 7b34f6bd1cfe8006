import type { CompletedWaitpoint, TaskRunExecution, TaskRunExecutionResult } from "@trigger.dev/core/v3/schemas";
import type { z } from "zod";

/** The namespace of the socket between a worker host and the server; both come from this project. */
export const hostNamespace = "/worker-host";

/** `RUN/ATTEMPT` in what the code of a run asks of the API: the SDK itself does not say which attempt it is. */
export const attemptHeader = "x-trigger-local-attempt";

/** One attempt of a run, by the id clients see. Nobody else may end the attempt that a session holds. */
export type AttemptRef = { run: string; attempt: number };

export type Execution = z.infer<typeof TaskRunExecution>;
export type Completion = z.infer<typeof TaskRunExecutionResult>;
export type Waitpoint = z.infer<typeof CompletedWaitpoint>;

/** It `awaitsNext` when this attempt has failed and the host has asked to begin the next. */
export type HostedRef = AttemptRef & { awaitsNext: boolean };

/**
 * Opens a session, or takes one up again after the connection was lost. `runs` is everything the host works on.
 *
 * Each hello of a host has a higher `number` than the one before. The server hands runs out under the newest that it has
 * heard of, the host begins only what was handed out under the newest that it has said. So an attempt that a session
 * holds and a hello does not name has never begun, and never will: it may go back to its queue as if it had not been.
 */
export type Hello = { number: number; session: string; worker: string; isNew: boolean; runs: HostedRef[] };

/** `isKnown` is false when the session has ended meanwhile (then none of its runs is the host's any more), or when a newer hello came first. */
export type Welcome = {
  isKnown: boolean;
  /** Runs that the host must stop at once, and say nothing more of. */
  lost: string[];
  /** The session ends when it is not renewed within this time, and its runs go to somebody else. */
  leaseMs: number;
  /** The session ends this long after its connection has closed, if it is not taken up again. */
  graceMs: number;
};

/** The host begins this attempt at once. */
export type Execute = { execution: Execution; variables: Record<string, string> };

/** What has become of a run that the host works on. */
export type Changed = AttemptRef & {
  status: "EXECUTING" | "EXECUTING_WITH_WAITPOINTS" | "PENDING_CANCEL" | "LOST";
  waitpoints: Waitpoint[];
};

export type Completed = AttemptRef & { completion: Completion };

/** `retry`: the host waits as long as the completion said, and starts the next attempt itself. `lost`: came too late. */
export type Outcome = AttemptRef & { next: "finished" | "requeued" | "retry" | "lost" };

export type FromHost = {
  hello: (hello: Hello, answer: (welcome: Welcome | { error: string }) => void) => void;
  /** How many runs the host was ready to take since its last hello, all in all: repeating it changes nothing. */
  credit: (total: number) => void;
  renew: (answer: (isKnown: boolean | { error: string }) => void) => void;
  complete: (completed: Completed[], answer: (outcomes: Outcome[] | { error: string }) => void) => void;
  /** Starts the attempt after this one; asked again, it answers with the same one. */
  retry: (after: AttemptRef, answer: (execute: Execute | { lost: true } | { error: string }) => void) => void;
};

/** Each by the number of the hello that it goes with; with an earlier one it means nothing any more. */
export type FromServer = {
  execute: (hello: number, runs: Execute[]) => void;
  changed: (hello: number, changed: Changed) => void;
  /** Runs may have been handed out that the server does not know of. Another hello tells both sides. */
  unsure: (hello: number) => void;
};
