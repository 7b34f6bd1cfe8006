import pg from "pg";

declare const inTransaction: unique symbol;
/** A connection inside a transaction; only `transaction()` makes one. */
export type Tx = { query: Query; readonly [inTransaction]: true };
type Query = <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;

export type Database = {
  query: Query;
  /** Runs the callback in one transaction, again when Postgres asks for it: the callback must be safe to run twice. */
  transaction: <Result>(work: (tx: Tx) => Promise<Result>) => Promise<Result>;
  end: () => Promise<void>;
};

/** bigint columns hold versions and durations far below 2^53. */
const int8 = 20;
pg.types.setTypeParser(int8, Number);

export function openDatabase(url: string, connectionsMax = 12): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: 5_000,
    options: "-c search_path=trigger_local",
  });
  // An idle connection that Postgres closes (restart) is replaced on the next use.
  pool.on("error", () => undefined);
  const queryWith =
    (client: pg.Pool | pg.PoolClient): Query =>
    async (text, values) =>
      (await client.query(text, values)).rows;

  async function once<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query("begin");
      const result = await work({ query: queryWith(client) } as Tx);
      await client.query("commit");
      return result;
    } catch (error) {
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
    transaction: async (work) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(work);
        } catch (error) {
          if (attempt >= 8 || !isConflict(error)) throw error;
        }
      }
    },
    end: () => pool.end(),
  };
}

function sqlState(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

function isConflict(error: unknown): boolean {
  return ["40001", "40P01"].includes(sqlState(error));
}

export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (sqlState(error) !== "23505") return false;
  return constraint === undefined || (error as { constraint?: string }).constraint === constraint;
}

const unreachable = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOTFOUND", "ETIMEDOUT"]);

/** Whether the database was away, so that the same request may succeed a moment later. */
export function isUnreachable(error: unknown): boolean {
  const state = sqlState(error);
  if (unreachable.has(state) || state.startsWith("08") || state.startsWith("57P")) return true;
  // What ends a connection instead of a statement: shutting down, starting up, too many clients.
  if (typeof error === "object" && error !== null && "severity" in error && error.severity === "FATAL") return true;
  return error instanceof Error && /Connection terminated|timeout exceeded when trying to connect/.test(error.message);
}
