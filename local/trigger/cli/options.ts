import { resolve } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";

/** What was asked for cannot be done; the message says what to do instead, and is all a person gets to see. */
export class UsageError extends Error {
  override name = "UsageError";
}

export type WorldOptions = {
  projectDir: string;
  stateDir: string;
  /** A database of the person's own; otherwise PostgreSQL is started from the package. */
  databaseUrl: string | undefined;
  /** A port that was asked for must be free; the default one moves. */
  port: { number: number; asked: boolean };
  /** Instead of the one in trigger.config.ts. */
  projectRef: string | undefined;
  worker: WorkerOptions | undefined;
};

/** Handed to the worker as they are. */
export type WorkerOptions = { slots?: string; warm?: string; envFile?: string };

const defaultPort = 3030;

const common = {
  project: { type: "string", default: "." },
  state: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

const serving = {
  ...common,
  port: { type: "string" },
  "database-url": { type: "string" },
  "project-ref": { type: "string" },
} as const;

const working = { slots: { type: "string" }, warm: { type: "string" }, "env-file": { type: "string" } } as const;

export function readDevOptions(args: string[]): WorldOptions {
  const flags = parse("dev", args, { ...serving, ...working, "no-worker": { type: "boolean", default: false } });
  const { slots, warm, "env-file": envFile } = flags;
  const worker = { slots, warm, ...(envFile === undefined ? {} : { envFile: resolve(envFile) }) };
  return { ...worldOptions(flags), worker: flags["no-worker"] ? undefined : worker };
}

export function readServerOptions(args: string[]): WorldOptions {
  return { ...worldOptions(parse("server", args, serving)), worker: undefined };
}

/** Where a running server left word of itself, and the flags that are the worker's own. */
export function readWorkerOptions(args: string[]): { stateDir: string; flags: string[] } {
  const flags = parse("worker", args, { ...common, ...working, "project-ref": { type: "string" } });
  const { state: _state, help: _help, ...own } = flags;
  return { stateDir: stateDirOf(flags), flags: flagsOf(own) };
}

/** As they are written on a command line. */
export function flagsOf(values: Record<string, string | undefined>): string[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
}

/** Where a running server left word of itself, and whatever else the command was given. */
export function readClientOptions(command: string, args: string[]): { stateDir: string; words: string[] } {
  const { values, positionals } = parseAll(command, { args, options: common, allowPositionals: true });
  return { stateDir: stateDirOf(values), words: positionals };
}

type ServingFlags = { project: string; state?: string } & Partial<
  Record<"port" | "database-url" | "project-ref", string>
>;

function worldOptions(flags: ServingFlags): Omit<WorldOptions, "worker"> {
  return {
    projectDir: resolve(flags.project),
    stateDir: stateDirOf(flags),
    databaseUrl: flags["database-url"] ?? process.env.TRIGGER_LOCAL_DATABASE_URL,
    port: readPort(flags.port ?? process.env.TRIGGER_LOCAL_PORT),
    projectRef: flags["project-ref"],
  };
}

function stateDirOf({ project, state }: { project: string; state?: string }): string {
  return resolve(state ?? process.env.TRIGGER_LOCAL_STATE ?? resolve(project, ".trigger/local-state"));
}

function readPort(text: string | undefined): WorldOptions["port"] {
  if (text === undefined) return { number: defaultPort, asked: false };
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 65_535) return { number, asked: true };
  throw new UsageError(`The port is "${text}": a port is a whole number from 1 to 65535.`);
}

function parse<Options extends NonNullable<ParseArgsConfig["options"]>>(
  command: string,
  args: string[],
  options: Options,
) {
  return parseAll(command, { args, options }).values;
}

function parseAll<Config extends ParseArgsConfig>(command: string, config: Config) {
  try {
    return parseArgs(config);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${reason}\nSee what is understood: trigger-local ${command} --help`, { cause });
  }
}
