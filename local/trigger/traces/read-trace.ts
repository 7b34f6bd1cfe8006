import type { Database } from "../db/database";
import type { LogRow, SpanRow } from "./otlp";

export type Span = Omit<SpanRow, "run_id">;
export type LogLine = Omit<LogRow, "run_id">;
export type Trace = { spans: Span[]; logs: LogLine[]; isCut: boolean };

const spansMax = 500;
const logsMax = 1_000;

/** What the run's processes exported, in the order of time; of very much only the beginning. */
export async function readTrace(db: Pick<Database, "query">, runId: string): Promise<Trace> {
  const [spans, logs] = await Promise.all([
    db.query<Span>(
      `select id, parent_id, name, label, icon, started_us, duration_us, error, attributes from span
       where run_id = $1 order by started_us limit $2`,
      [runId, spansMax + 1],
    ),
    db.query<LogLine>(
      `select at_us, hash, span_id, level, message, attributes from log_line where run_id = $1 order by at_us limit $2`,
      [runId, logsMax + 1],
    ),
  ]);
  return {
    spans: spans.slice(0, spansMax),
    logs: logs.slice(0, logsMax),
    isCut: spans.length > spansMax || logs.length > logsMax,
  };
}
