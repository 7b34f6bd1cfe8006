import type { Server } from "./context";

/** The variables every run process gets: the project's own, and where to send what it has to say. */
export async function workerEnv(server: Server): Promise<Record<string, string>> {
  const rows = await server.db.query<{ name: string; value: string }>("select name, value from envvar");
  return {
    ...Object.fromEntries(rows.map((row) => [row.name, row.value])),
    TRIGGER_REALTIME_STREAM_VERSION: "v1",
    OTEL_EXPORTER_OTLP_ENDPOINT: `${server.origin}/otel`,
    TRIGGER_OTEL_EXPORTER_OTLP_ENDPOINT: `${server.origin}/otel`,
    TRIGGER_API_URL: server.origin,
    TRIGGER_STREAM_URL: server.origin,
    TRIGGER_WAIT_UNTIL_TIMEOUT_MS: "600000",
  };
}
