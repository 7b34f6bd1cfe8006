import type { Tx } from "./database";
import { channels } from "./listener";

/** Sent at commit; equal messages of one transaction are sent once. */
async function notify(tx: Tx, channel: string, payload = ""): Promise<void> {
  await tx.query("select pg_notify($1, $2)", [channel, payload]);
}

export const notifyQueue = (tx: Tx) => notify(tx, channels.queue);
export const notifyTimer = (tx: Tx) => notify(tx, channels.timer);
export const notifyWorker = (tx: Tx, runId: string) => notify(tx, channels.worker, runId);
export const notifyStream = (tx: Tx, runId: string, key: string) => notify(tx, channels.stream, `${runId}/${key}`);
