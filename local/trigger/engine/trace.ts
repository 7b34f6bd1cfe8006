import { randomBytes } from "node:crypto";

/** The run's own place in a trace: the caller's trace if it sent one, else a new one, with a new span. */
export function traceContextFrom(traceparent: string | undefined): Record<string, unknown> {
  const given = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent ?? "");
  const traceId = given?.[1] ?? randomBytes(16).toString("hex");
  return { traceparent: `00-${traceId}-${randomBytes(8).toString("hex")}-01` };
}

export function spanIdOf(traceContext: Record<string, unknown>): string {
  return String(traceContext.traceparent ?? "").split("-")[2] ?? "";
}
