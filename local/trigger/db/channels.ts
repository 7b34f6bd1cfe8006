/** What servers tell each other, and their own parts, through Postgres. */
export const channels = {
  /** Runs changed: `[{ r: id, b: batch, t: tags }]`. Sent by a database trigger, so that no change can forget it. */
  run: "trigger_local_run",
  /** A queue has a run to hand out, or a slot became free. */
  queue: "trigger_local_queue",
  timer: "trigger_local_timer",
  /** The worker that executes this run has to fetch its newest snapshot. */
  worker: "trigger_local_worker",
  stream: "trigger_local_stream",
  /** A worker was registered: what is known of tasks and queues may be old. */
  tasks: "trigger_local_tasks",
} as const;

export type Channel = keyof typeof channels;
export type Message = { channel: Channel; payload: string };
