/** Exports as the exporters of @trigger.dev/core 4.8.3 send them (recorded, and cut down to what matters). */

type Value = string | number | boolean;

const attribute = ([key, value]: [string, Value]) => ({
  key,
  value:
    typeof value === "string"
      ? { stringValue: value }
      : typeof value === "boolean"
        ? { boolValue: value }
        : { intValue: value },
});
const attributes = (values: Record<string, Value>) => Object.entries(values).map(attribute);
const nanoseconds = (ms: number) => `${ms}000000`;
const startMs = Date.now();

type Span = {
  runId: string;
  id: string;
  parentId?: string;
  name: string;
  partialOf?: string;
  tookMs?: number;
  attributes?: Record<string, Value>;
  error?: string;
};

export function spanExport(...spans: Span[]) {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributes({ "service.name": "trigger.dev", "process.pid": 1 }) },
        scopeSpans: [{ scope: { name: "trigger-dev-worker", version: "4.8.3" }, spans: spans.map(wireSpan) }],
      },
    ],
  };
}

function wireSpan(span: Span) {
  const exception = {
    "exception.type": "Error",
    "exception.message": span.error ?? "",
    "exception.stacktrace": `Error: ${span.error}\n    at run`,
  };
  return {
    traceId: "83344d82b385425b6cf217923e6438ce",
    spanId: span.partialOf ? `f${span.id.slice(1)}` : span.id,
    parentSpanId: span.parentId,
    name: span.name,
    kind: 5,
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(startMs + (span.tookMs ?? 0)),
    attributes: attributes({
      ...span.attributes,
      "$metadata.ctx.run.id": span.runId,
      ...(span.partialOf ? { "$span.partial": true, "$span.span_id": span.partialOf } : {}),
    }),
    events: span.error
      ? [{ name: "exception", timeUnixNano: nanoseconds(startMs), attributes: attributes(exception) }]
      : [],
    status: { code: span.error ? 2 : 0 },
  };
}

type Log = { runId: string; spanId?: string; message: string; level?: number; attributes?: Record<string, Value> };

export function logExport(...logs: Log[]) {
  const logRecords = logs.map((log) => ({
    timeUnixNano: nanoseconds(startMs + 1),
    observedTimeUnixNano: nanoseconds(startMs + 1),
    severityNumber: log.level ?? 9,
    severityText: "info",
    body: { stringValue: log.message },
    attributes: attributes({ ...log.attributes, "$style.icon": "info", "$metadata.ctx.run.id": log.runId }),
    traceId: "83344d82b385425b6cf217923e6438ce",
    spanId: log.spanId ?? "a8bf071cf5269e49",
  }));
  return { resourceLogs: [{ resource: { attributes: [] }, scopeLogs: [{ scope: { name: "worker" }, logRecords }] }] };
}
