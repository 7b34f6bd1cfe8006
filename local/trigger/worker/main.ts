import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { startWorkerHost } from "./host";

const help = `Executes the runs of a project's tasks against a local Trigger.dev server.

  --project DIR     the folder of trigger.config.ts; default: this one
  --project-ref REF instead of \`project\` in trigger.config.ts
  --slots N         runs that execute at once; those that wait do not count
  --warm N          processes kept ready; default: 2
  --env-file FILE   variables of the runs, instead of the project's .env files

It reads TRIGGER_API_URL (default http://127.0.0.1:3030) and TRIGGER_SECRET_KEY.`;

function refuse(message: string): never {
  console.error(message);
  process.exit(1);
}

function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) refuse(`--${name} must be a whole number of at least 1, not "${text}".`);
  return value;
}

const { values } = parseArgs({
  options: {
    project: { type: "string", default: "." },
    "project-ref": { type: "string" },
    slots: { type: "string" },
    warm: { type: "string" },
    "env-file": { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
if (process.env.NODE_ENV === "production") refuse("The local worker does not start with NODE_ENV=production.");

const slots = count("slots", values.slots);
const warm = count("warm", values.warm);
const host = await startWorkerHost({
  projectDir: resolve(values.project),
  apiUrl: (process.env.TRIGGER_API_URL ?? "http://127.0.0.1:3030").replace(/\/$/, ""),
  secretKey:
    process.env.TRIGGER_SECRET_KEY || refuse("TRIGGER_SECRET_KEY is not set; the server prints it at its start."),
  ...(values["project-ref"] === undefined ? {} : { projectRef: values["project-ref"] }),
  ...(slots === undefined ? {} : { slots }),
  ...(warm === undefined ? {} : { warm }),
  ...(values["env-file"] === undefined ? {} : { envFile: resolve(values["env-file"]) }),
}).catch((error: unknown) => refuse(error instanceof Error ? error.message : String(error)));

const end = () => void host.close().finally(() => process.exit(0));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
// `trigger-local dev` replaces a worker whose sources have changed.
process.on("message", (message) => {
  if (message === "retire") void host.retire().then(end);
});
process.once("disconnect", end);
process.send?.({ version: host.version, tasks: host.tasks, sources: host.sources });
console.log(`Local worker ready: ${host.tasks.length} tasks, version ${host.version}`);
