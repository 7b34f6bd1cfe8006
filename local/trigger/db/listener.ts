import { EventEmitter } from "node:events";
import pg from "pg";
import { type Channel, channels, type Message } from "./channels";

/** What happened to a run: its id, batch and tags. Tags too long for a notification are null. */
export type RunChange = { r: string; b: string | null; t: string[] | null };

type Events = {
  run: [RunChange];
  queue: [];
  timer: [];
  worker: [runId: string];
  stream: [name: string];
  tasks: [];
  /** Messages may have been lost: everybody looks for himself. */
  resync: [];
};

export type Listener = EventEmitter<Events> & {
  /** What this process has committed itself. */
  announce: (messages: readonly Message[]) => void;
  close: () => Promise<void>;
};

/**
 * One LISTEN connection for the whole server. It comes back by itself after Postgres was away, and then says `resync`.
 * Notifications of the given backends are our own and were announced when they were committed.
 */
export async function openListener(databaseUrl: string, ownBackends: ReadonlySet<number>): Promise<Listener> {
  const emitter = new EventEmitter<Events>() as Listener;
  emitter.setMaxListeners(0);
  let closed = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;

  const connect = async () => {
    const fresh = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
    let lost = false;
    const onLost = () => {
      if (lost) return;
      lost = true;
      client = undefined;
      fresh.end().catch(() => undefined);
      if (!closed) retry = setTimeout(() => void connect().catch(() => undefined), 250);
    };
    fresh.on("error", onLost);
    fresh.on("end", onLost);
    fresh.on("notification", ({ channel, payload = "", processId }) => {
      const name = nameOf(channel);
      // The database's trigger sends these, which is not ours to announce.
      if (name && (name === "run" || !ownBackends.has(processId))) deliver(emitter, { channel: name, payload });
    });
    try {
      await fresh.connect();
      await fresh.query(
        Object.values(channels)
          .map((channel) => `listen ${channel}`)
          .join(";"),
      );
    } catch (error) {
      onLost();
      throw error;
    }
    client = fresh;
    emitter.emit("resync");
  };
  await connect().catch((error: unknown) => {
    closed = true;
    clearTimeout(retry);
    throw error;
  });

  emitter.announce = (messages) => {
    for (const message of messages) deliver(emitter, message);
  };
  emitter.close = async () => {
    closed = true;
    clearTimeout(retry);
    await client?.end();
  };
  return emitter;
}

const byChannel = new Map(Object.entries(channels).map(([name, channel]) => [channel, name as Channel]));

function nameOf(channel: string): Channel | undefined {
  return byChannel.get(channel as (typeof channels)[Channel]);
}

function deliver(emitter: Listener, { channel, payload }: Message): void {
  if (channel === "run") for (const change of JSON.parse(payload) as RunChange[]) emitter.emit("run", change);
  else if (channel === "worker" || channel === "stream") emitter.emit(channel, payload);
  else emitter.emit(channel);
}

export type Watch = {
  /** Resolves when something happened since the last wait, the time is over or the signal aborts; true if something happened. */
  wait: (timeoutMs: number, signal?: AbortSignal) => Promise<boolean>;
  close: () => void;
};

/**
 * Watches events from now on. Begin to watch, then look at the database, then wait: what happens between looking and
 * waiting is not lost.
 */
export function watch<Name extends keyof Events>(
  listener: Listener,
  names: Name[],
  matches: (...event: Events[Name]) => boolean = () => true,
): Watch {
  let happened = false;
  let wake: () => void = () => undefined;
  const onEvent = (...event: unknown[]) => {
    if (event.length > 0 && !matches(...(event as Events[Name]))) return;
    happened = true;
    wake();
  };
  const all: (keyof Events)[] = [...names, "resync"];
  for (const name of all) listener.on(name, onEvent);
  return {
    wait: async (timeoutMs, signal) => {
      if (!happened) await pause(timeoutMs, signal, (resolve) => (wake = resolve));
      const result = happened;
      happened = false;
      return result;
    },
    close: () => {
      for (const name of all) listener.off(name, onEvent);
    },
  };
}

/** Resolves after a time, when the signal aborts, or when the function given to `onReady` is called. */
export function pause(timeoutMs: number, signal?: AbortSignal, onReady?: (wake: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, timeoutMs);
    signal?.addEventListener("abort", finish);
    onReady?.(finish);
    if (signal?.aborted) finish();
  });
}
