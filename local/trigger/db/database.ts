import pg from "pg";

import { type Channel, channels, type Message } from "./channels";

declare const inTransaction: unique symbol;
/** A connection inside a transaction; only `transaction()` makes one. */
export type Tx = {
  query: Query;
  /** The same for a statement whose text never varies: the server keeps its plan. */
  prepared: Query;
  /** Said to everybody who listens, once the transaction is committed. Equal messages are said once. */
  notify: (channel: Channel, payload?: string) => void;
  readonly [inTransaction]: true;
};
type Query = <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;

type TransactionOptions = {
  /** A statement without parameters that is sent together with `begin`: a lock that everything after it depends on. */
  first?: string;
};

export type Database = {
  query: Query;
  prepared: Query;
  /** Runs the callback in one transaction, again when Postgres asks for it: the callback must be safe to run twice. */
  transaction: <Result>(work: (tx: Tx) => Promise<Result>, options?: TransactionOptions) => Promise<Result>;
  /** Tells this process what a statement outside of `transaction` has told all others by pg_notify. */
  announce: (messages: readonly Message[]) => void;
  end: () => Promise<void>;
};

/** bigint columns hold versions and durations far below 2^53. */
const int8 = 20;
pg.types.setTypeParser(int8, Number);

/**
 * Plans of prepared statements are made while the tables are nearly empty, when reading them whole looks best, and are
 * kept while they grow: every question here has its index, so it is always to be used. And compiling a plan takes
 * longer than any of our statements.
 */
const sessionSettings = [
  "search_path=trigger_local",
  "enable_seqscan=off",
  "enable_hashjoin=off",
  "enable_mergejoin=off",
  "jit=off",
]
  .map((setting) => `-c ${setting}`)
  .join(" ");

const statementNames = new Map<string, string>();
function nameOf(text: string): string {
  let name = statementNames.get(text);
  if (name === undefined) {
    name = `trigger_local_${statementNames.size}`;
    statementNames.set(text, name);
  }
  return name;
}

export type DatabaseOptions = {
  connectionsMax?: number;
  /** Hears what this process commits at once, without the way through Postgres. */
  onMessages?: (messages: readonly Message[]) => void;
  /** Whose notifications the listener need not hear again: `add` and `delete` are called with backend process ids. */
  backends?: Set<number>;
};

export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const { connectionsMax = 12, onMessages = () => undefined, backends } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: 5_000,
    options: sessionSettings,
  });
  // An idle connection that Postgres closes (restart) is replaced on the next use.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => {
    // The pool listens to idle connections only; one that breaks in the middle of a transaction would end the process.
    client.on("error", () => undefined);
    backends?.add(backendOf(client));
  });
  pool.on("remove", (client) => backends?.delete(backendOf(client)));
  const queryWith =
    (client: pg.Pool | pg.PoolClient): Query =>
    async (text, values) =>
      (await client.query(text, values)).rows;
  const preparedWith =
    (client: pg.Pool | pg.PoolClient): Query =>
    async (text, values) =>
      (await client.query({ name: nameOf(text), text, values: values ?? [] })).rows;

  async function once<Result>(work: (tx: Tx) => Promise<Result>, first: string | undefined): Promise<Result> {
    const client = await pool.connect();
    let broken: Error | undefined;
    const messages = new Map<string, Message>();
    let isCommitting = false;
    try {
      await client.query(first === undefined ? "begin" : `begin; ${first}`);
      const result = await work({
        query: queryWith(client),
        prepared: preparedWith(client),
        notify: (channel: Channel, payload = "") => {
          messages.set(`${channel} ${payload}`, { channel, payload });
        },
      } as Tx);
      isCommitting = true;
      await client.query(`${[...messages.values()].map(notifyStatement).join("")}commit`);
      onMessages([...messages.values()]);
      return result;
    } catch (error) {
      // It may have been committed all the same; looking in vain costs nothing.
      if (isCommitting && isUnreachable(error)) onMessages([...messages.values()]);
      await client.query("rollback").catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  return {
    query: queryWith(pool),
    prepared: preparedWith(pool),
    transaction: async (work, { first } = {}) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(work, first);
        } catch (error) {
          if (attempt >= 8 || !isConflict(error)) throw error;
        }
      }
    },
    announce: onMessages,
    end: () => pool.end(),
  };
}

/** One round trip says everything and commits. */
function notifyStatement({ channel, payload }: Message): string {
  return `select pg_notify('${channels[channel]}', ${pg.escapeLiteral(payload)}); `;
}

/** The process id of the connection's backend: the driver knows it, its types do not. */
function backendOf(client: pg.PoolClient): number {
  return (client as unknown as { processID: number }).processID;
}

function sqlState(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

/** Two transactions stood in each other's way: this one may be tried again. */
export function isConflict(error: unknown): boolean {
  return ["40001", "40P01"].includes(sqlState(error));
}

export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (sqlState(error) !== "23505") return false;
  return constraint === undefined || (error as { constraint?: string }).constraint === constraint;
}

/** Whether the values themselves were refused, so that the same statement can never succeed. */
export function isUnstorable(error: unknown): boolean {
  return /^(22|54)/.test(sqlState(error));
}

const unreachable = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOTFOUND", "ETIMEDOUT"]);

/** Whether the database was away, so that the same request may succeed a moment later. */
export function isUnreachable(error: unknown): boolean {
  const state = sqlState(error);
  if (unreachable.has(state) || state.startsWith("08") || state.startsWith("57P")) return true;
  // What ends a connection instead of a statement: shutting down, starting up, too many clients.
  if (typeof error === "object" && error !== null && "severity" in error && error.severity === "FATAL") return true;
  return (
    error instanceof Error &&
    /Connection terminated|not queryable|timeout exceeded when trying to connect/.test(error.message)
  );
}
