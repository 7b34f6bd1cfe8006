import pg from "pg";
import { pause } from "./processes";

export type RunRow = {
  id: string;
  task_id: string;
  status: string;
  execution_status: string;
  attempt_number: number;
  max_attempts: number | null;
  output: string | null;
  output_type: string;
  error: { type: string; code?: string; message?: string } | null;
  payload: string | null;
  session_id: string | null;
  created_at: Date;
  expired_at: Date | null;
};

/** Rows of the engine's tables, or of another schema's, read past the servers. Asks until Postgres answers. */
export async function rows<Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
  schema = "trigger_local",
): Promise<Row[]> {
  for (;;) {
    const client = new pg.Client({
      connectionString: url,
      options: `-c search_path=${schema}`,
      connectionTimeoutMillis: 2_000,
    });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return (await client.query<Row>(sql)).rows;
    } catch (error) {
      // A fault in the statement does not go away; that Postgres is, or the schema is not there yet, does.
      const { code = "" } = error as { code?: string };
      if (code.startsWith("42") && code !== "42P01") throw error;
      await pause(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
