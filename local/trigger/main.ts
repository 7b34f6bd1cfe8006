import { startTriggerServer } from "./server";

/** A close that hangs is not worth waiting for: all state is in the database. */
const closeMaxMs = 5_000;

function refuse(message: string): never {
  console.error(message);
  process.exit(1);
}

function required(name: string): string {
  return (
    process.env[name] ||
    refuse(`${name} is not set. The local Trigger.dev server needs it; see local/trigger/README.md.`)
  );
}

/** Days, or `keep`; nothing when it is not set. */
function retention(): { retentionMs?: number | null } {
  const text = process.env.TRIGGER_LOCAL_RETENTION_DAYS;
  if (!text) return {};
  if (text === "keep") return { retentionMs: null };
  if (Number(text) > 0) return { retentionMs: Number(text) * 86_400_000 };
  return refuse(
    `TRIGGER_LOCAL_RETENTION_DAYS is "${text}". It must be a number of days greater than 0, or keep, which never removes a finished run.`,
  );
}

/** Both times after which a worker host that is not heard of loses its runs. */
function stall(): { sessionLeaseMs?: number; stallGraceMs?: number } {
  const text = process.env.TRIGGER_LOCAL_STALL_MS;
  if (!text) return {};
  const ms = Number(text);
  if (ms >= 500) return { sessionLeaseMs: ms, stallGraceMs: ms };
  return refuse(`TRIGGER_LOCAL_STALL_MS is "${text}". It must be a number of milliseconds, at least 500.`);
}

const port = Number(process.env.TRIGGER_LOCAL_PORT ?? 3030);

const server = await startTriggerServer({
  port,
  databaseUrl: required("TRIGGER_LOCAL_DATABASE_URL"),
  secretKey: required("TRIGGER_SECRET_KEY"),
  accessToken: required("TRIGGER_ACCESS_TOKEN"),
  projectRef: required("TRIGGER_PROJECT_REF"),
  ...retention(),
  ...stall(),
}).catch((error: Error & { code?: string }) =>
  refuse(
    error.code === "EADDRINUSE"
      ? `Port ${port} is taken. Set TRIGGER_LOCAL_PORT to a free one.`
      : `The local Trigger.dev server could not start: ${error.message || error.code || String(error)}`,
  ),
);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    setTimeout(() => process.exit(0), closeMaxMs).unref();
    void server.close().finally(() => process.exit(0));
  });
}

// Whoever reads this line may send a signal at once.
console.log(`Local Trigger.dev server listens on ${server.url}`);
