import superjson from "superjson";
import type { Tx } from "../db/database";
import type { Server } from "./context";
import { keyLifeMs, momentFrom } from "./durations";
import { newId } from "./ids";
import { storableText } from "./packets";
import { Refusal } from "./refusal";
import { setTimer } from "./timers";
import { completeWaitpoint, freeExpiredKey, type Waitpoint, type WaitpointOutput } from "./waitpoints";

export type NewToken = {
  timeout?: string | Date | undefined;
  idempotencyKey?: string | undefined;
  idempotencyKeyTTL?: string | undefined;
  tags?: string | string[] | undefined;
  /** The input stream whose next record completes the token. */
  stream?: { runId: string; key: string };
};

const tagsMax = 10;
const defaultTimeoutMs = 10 * 60_000;

/** Makes a token somebody outside can complete. An idempotency key that is in use finds its token again. */
export async function createToken(
  server: Server,
  input: NewToken,
): Promise<{ waitpoint: Waitpoint; isCached: boolean }> {
  return server.db.transaction((tx) => createTokenIn(tx, input));
}

export async function createTokenIn(tx: Tx, input: NewToken): Promise<{ waitpoint: Waitpoint; isCached: boolean }> {
  const now = new Date();
  const tags = [...new Set(typeof input.tags === "string" ? [input.tags] : (input.tags ?? []))];
  if (tags.length > tagsMax)
    throw new Refusal(422, `Waitpoints can only have ${tagsMax} tags, you're trying to set ${tags.length}.`);
  // A timeout that is over or that nobody understands is none, as for delays.
  const wanted = input.timeout === undefined ? undefined : momentFrom(input.timeout, now);
  const timeoutAt = wanted ?? new Date(now.getTime() + defaultTimeoutMs);
  const key = input.idempotencyKey || undefined;
  if (key) await freeExpiredKey(tx, key);
  const id = newId();
  const [waitpoint] = await tx.query<Waitpoint>(
    `insert into waitpoint (id, type, completed_after, idempotency_key, user_key, key_expires_at, tags, stream_run_id, stream_key)
     values ($1, 'MANUAL', $2, $3, $3, $4, $5, $6, $7)
     on conflict (idempotency_key) do update set idempotency_key = excluded.idempotency_key returning *`,
    [
      id,
      timeoutAt,
      key ?? null,
      key ? new Date(now.getTime() + keyLifeMs(input.idempotencyKeyTTL)) : null,
      tags,
      input.stream?.runId ?? null,
      input.stream?.key ?? null,
    ],
  );
  if (!waitpoint) throw new Error("insert returned no row");
  const isCached = waitpoint.id !== id;
  if (!isCached) await setTimer(tx, "waitpoint", id, timeoutAt);
  return { waitpoint, isCached };
}

export async function findToken({ db }: Server, id: string): Promise<Waitpoint | null> {
  const [waitpoint] = await db.query<Waitpoint>("select * from waitpoint where id = $1 and type = 'MANUAL'", [id]);
  return waitpoint ?? null;
}

/** Completes a token with a value. Doing it again answers the same and changes nothing. */
export async function completeToken(server: Server, id: string, data: unknown): Promise<void> {
  if (!(await findToken(server, id))) throw new Refusal(404, "Waitpoint not found");
  await server.db.transaction((tx) => completeWaitpoint(tx, id, packetOf(data)));
}

/** The value as a packet, the way the SDK's own `stringifyIO` chooses its type. Nothing, and an empty text, are no output. */
export function packetOf(value: unknown): WaitpointOutput {
  if (value === undefined || value === "") return { output: null, outputType: "application/json" };
  if (typeof value === "string") {
    const { data, dataType } = storableText(value, "text/plain");
    return { output: data, outputType: dataType };
  }
  return { output: superjson.stringify(value), outputType: "application/super+json" };
}
