import { startTriggerServer } from "./server";

function required(name: string): string {
  const value = process.env[name];
  if (!value) {
    console.error(`${name} is not set. The local Trigger.dev server needs it; see local/trigger/README.md.`);
    process.exit(1);
  }
  return value;
}

const server = await startTriggerServer({
  port: Number(process.env.TRIGGER_LOCAL_PORT ?? 3030),
  databaseUrl: required("TRIGGER_LOCAL_DATABASE_URL"),
  secretKey: required("TRIGGER_SECRET_KEY"),
  accessToken: required("TRIGGER_ACCESS_TOKEN"),
  projectRef: required("TRIGGER_PROJECT_REF"),
});
console.log(`Local Trigger.dev server listens on ${server.url}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void server.close().finally(() => process.exit(0));
  });
}
