import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { areEffectsWatched, caller, crashPoint } from "@/lib/crash-point";
import { bulkPool } from "./bulk-pool";
import { type CopyValue, copyLine } from "./copy-text";
import { retryConflicts } from "./retry-conflicts";

declare const inBulk: unique symbol;

/** A transaction that also takes rows by COPY. Only `bulkTransaction()` makes one. */
export type BulkTx = {
  /** The rows that a statement answers, columns as they are called there. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** How many rows a statement changed. */
  execute(sql: string, values?: readonly unknown[]): Promise<number>;
  /** Adds rows to a table as fast as PostgreSQL takes them; each has a value for each of `columns`. */
  copy(table: string, columns: readonly string[], rows: Iterable<readonly CopyValue[]>): Promise<void>;
  readonly [inBulk]: true;
};

/** Longer than a process that is alive lets a transaction of its own wait. */
const idleMaxMs = 60_000;
/** So much of COPY goes out at once. */
const batchLength = 64 * 1024;

/**
 * `transaction()` for thousands of rows (read committed): all of it is kept, or nothing. It has a connection of its own,
 * so it shares nothing with a `Tx`. `work` must be safe to run twice: a deadlock or serialization conflict is tried again.
 */
export function bulkTransaction<T>(work: (tx: BulkTx) => Promise<T>): Promise<T> {
  const by = areEffectsWatched() ? caller() : undefined;
  return retryConflicts(() => commit(work, by));
}

async function commit<T>(work: (tx: BulkTx) => Promise<T>, by: string | undefined): Promise<T> {
  const client = await bulkPool().connect();
  let isLost = false;
  const onLost = () => {
    isLost = true;
  };
  client.on("error", onLost);
  try {
    // A process that freezes in the middle must not hold its locks until the network notices.
    await client.query(`begin; set local idle_in_transaction_session_timeout = ${idleMaxMs}`);
    const result = await work(bulkTx(client));
    if (by) await crashPoint(`${by}: before commit`);
    await client.query("commit");
    if (by) await crashPoint(`${by}: after commit`);
    return result;
  } catch (error) {
    // A connection that cannot even roll back is given up, and the transaction with it.
    await client.query("rollback").catch(onLost);
    throw error;
  } finally {
    client.off("error", onLost);
    client.release(isLost);
  }
}

function bulkTx(client: pg.PoolClient): BulkTx {
  const tx = {
    query: async (sql: string, values: readonly unknown[] = []) => (await client.query(sql, [...values])).rows,
    execute: async (sql: string, values: readonly unknown[] = []) =>
      (await client.query(sql, [...values])).rowCount ?? 0,
    copy: async (table: string, columns: readonly string[], rows: Iterable<readonly CopyValue[]>) => {
      const names = columns.map((column) => pg.escapeIdentifier(column)).join(", ");
      const into = client.query(copyFrom(`copy ${pg.escapeIdentifier(table)} (${names}) from stdin`));
      await pipeline(Readable.from(batches(rows)), into);
    },
  };
  return tx as unknown as BulkTx; // the brand exists in types only
}

function* batches(rows: Iterable<readonly CopyValue[]>): Generator<string> {
  let batch = "";
  for (const row of rows) {
    batch += copyLine(row);
    if (batch.length < batchLength) continue;
    yield batch;
    batch = "";
  }
  if (batch !== "") yield batch;
}
