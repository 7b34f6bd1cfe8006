import type { Tx } from "./database";

/** A queue has a run to hand out, or a slot became free. */
export const notifyQueue = (tx: Tx) => tx.notify("queue");
export const notifyTimer = (tx: Tx) => tx.notify("timer");
/** The worker that executes this run has to hear of its newest snapshot. */
export const notifyWorker = (tx: Tx, runId: string) => tx.notify("worker", runId);
export const notifyStream = (tx: Tx, runId: string, key: string) => tx.notify("stream", `${runId}/${key}`);
