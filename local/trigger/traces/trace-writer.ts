import { EventEmitter } from "node:events";
import type { Database } from "../db/database";
import type { LogRow, SpanRow } from "./otlp";

const flushMs = 100;
/** More than this waiting means that Postgres is away or does not keep up: what comes then is forgotten. */
const waitingMax = 20_000;
/** A row may hold tens of thousands of characters, so that their number alone bounds nothing. */
const waitingBytesMax = 32 * 1024 * 1024;
const rowsMax = 2_000;

/**
 * Stores what run processes export, behind the answer: an export waits for nothing. The exporters send a POST for each
 * span, and each span twice; gathered for a moment, most of the halves need no row, and one statement stores hundreds.
 * Traces are for looking at: what is lost with a killed server is not missed by any run.
 */
export class TraceWriter {
  /** Says which run has something new to show. */
  readonly changes = new EventEmitter<{ run: [runId: string] }>();
  readonly #db: Pick<Database, "query">;
  #spans = new Map<string, SpanRow>();
  #logs: LogRow[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #lastComplaint = 0;

  constructor(db: Pick<Database, "query">) {
    this.#db = db;
    this.changes.setMaxListeners(0);
  }

  addSpans(rows: SpanRow[]): void {
    for (const row of rows) {
      const key = `${row.run_id}/${row.id}`;
      const known = this.#spans.get(key);
      // The beginning of a span that has ended meanwhile says nothing new.
      if (known && row.duration_us === null) continue;
      if (this.#takeRoom(row, known)) this.#spans.set(key, row);
    }
    this.#soon();
  }

  addLogs(rows: LogRow[]): void {
    for (const row of rows) if (this.#takeRoom(row)) this.#logs.push(row);
    this.#soon();
  }

  /** Stores what is waiting. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#flush();
  }

  /** Whether the row may wait too, in the place of another if that is named. */
  #takeRoom(row: SpanRow | LogRow, instead?: SpanRow): boolean {
    if (!instead && this.#spans.size + this.#logs.length >= waitingMax) return false;
    const bytes = this.#bytes + bytesOf(row) - (instead ? bytesOf(instead) : 0);
    if (bytes > waitingBytesMax) return false;
    this.#bytes = bytes;
    return true;
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => void this.#flush(), flushMs);
  }

  #flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const spans = [...this.#spans.values()];
    const logs = this.#logs;
    this.#spans = new Map();
    this.#logs = [];
    this.#bytes = 0;
    try {
      for (let at = 0; at < spans.length; at += rowsMax) await insertSpans(this.#db, spans.slice(at, at + rowsMax));
      for (let at = 0; at < logs.length; at += rowsMax) await insertLogs(this.#db, logs.slice(at, at + rowsMax));
      for (const runId of new Set([...spans, ...logs].map((row) => row.run_id))) this.changes.emit("run", runId);
    } catch (error) {
      this.#complain(spans.length + logs.length, error);
    }
    this.#timer = undefined;
    if (this.#spans.size + this.#logs.length > 0) this.#soon();
  }

  #complain(rows: number, error: unknown): void {
    if (Date.now() - this.#lastComplaint < 10_000) return;
    this.#lastComplaint = Date.now();
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`trigger-local: ${rows} spans and log lines were not stored: ${reason}`);
  }
}

function bytesOf(row: SpanRow | LogRow): number {
  let bytes = 0;
  for (const value of Object.values(row)) if (typeof value === "string") bytes += Buffer.byteLength(value);
  return bytes;
}

async function insertSpans(db: Pick<Database, "query">, rows: SpanRow[]): Promise<void> {
  await db.query(
    `insert into span as known (run_id, id, parent_id, name, label, icon, started_us, duration_us, error, attributes)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::text[], $10::text[])
     on conflict (run_id, id) do update set started_us = excluded.started_us, duration_us = excluded.duration_us, name = excluded.name,
       label = excluded.label, error = excluded.error, attributes = excluded.attributes
     where known.duration_us is null and excluded.duration_us is not null`,
    [
      rows.map((row) => row.run_id),
      rows.map((row) => row.id),
      rows.map((row) => row.parent_id),
      rows.map((row) => row.name),
      rows.map((row) => row.label),
      rows.map((row) => row.icon),
      rows.map((row) => row.started_us),
      rows.map((row) => row.duration_us),
      rows.map((row) => row.error),
      rows.map((row) => row.attributes),
    ],
  );
}

async function insertLogs(db: Pick<Database, "query">, rows: LogRow[]): Promise<void> {
  await db.query(
    `insert into log_line (run_id, at_us, hash, span_id, level, message, attributes)
     select * from unnest($1::text[], $2::bigint[], $3::int[], $4::text[], $5::smallint[], $6::text[], $7::text[])
     on conflict do nothing`,
    [
      rows.map((row) => row.run_id),
      rows.map((row) => row.at_us),
      rows.map((row) => row.hash),
      rows.map((row) => row.span_id),
      rows.map((row) => row.level),
      rows.map((row) => row.message),
      rows.map((row) => row.attributes),
    ],
  );
}
