import { resolve } from "node:path";
import { parseArgs } from "node:util";

/** The parts of a world that listen, and the port each takes unless told otherwise. */
export const defaultPorts = {
  store: 3000,
  trigger: 3030,
  stripe: 3041,
  resend: 3042,
  s3: 3043,
  carrier: 3044,
  postgres: 54329,
} as const;

export type Part = keyof typeof defaultPorts;

/** `asked` ports must be these; the others may move when they are taken. */
export type PortWishes = Record<Part, { port: number; asked: boolean }>;

export type WorldOptions = { ports: PortWishes; stateDir: string; fresh: boolean; json: boolean; help: boolean };

const parts = Object.keys(defaultPorts) as Part[];
const variableOf = (part: Part) => `SHOPFLOOR_PORT_${part.toUpperCase()}`;

/** A flag or variable was wrong; the message says which and what is allowed. */
export class OptionError extends Error {
  override name = "OptionError";
}

/**
 * Reads flags, then environment variables, then defaults.
 *
 * @throws OptionError for an unknown flag or a port that is none.
 */
export function readOptions(args: string[], environment: NodeJS.ProcessEnv, projectDir: string): WorldOptions {
  const flags = parseFlags(args);
  const wishes = parts.map((part) => {
    const flag = flags[`port-${part}`];
    const value = flag ?? environment[variableOf(part)];
    if (value === undefined || value === "") return [part, { port: defaultPorts[part], asked: false }];
    return [part, { port: parsePort(value, flag ? `--port-${part}` : variableOf(part)), asked: true }];
  });
  return {
    ports: Object.fromEntries(wishes) as PortWishes,
    stateDir: resolve(projectDir, flags.state ?? environment.SHOPFLOOR_STATE ?? ".local/world"),
    fresh: flags.fresh ?? false,
    json: flags.json ?? false,
    help: flags.help ?? false,
  };
}

type Flags = { state?: string; fresh?: boolean; json?: boolean; help?: boolean } & {
  [flag in `port-${Part}`]?: string;
};

function parseFlags(args: string[]): Flags {
  const portFlags = Object.fromEntries(parts.map((part) => [`port-${part}`, { type: "string" as const }]));
  try {
    const { values } = parseArgs({
      args,
      options: {
        ...portFlags,
        state: { type: "string" },
        fresh: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    return values as Flags;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OptionError(`${reason}\nSee what is understood: npm run demo -- --help`, { cause });
  }
}

function parsePort(value: string, name: string): number {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new OptionError(`${name} is "${value}": a port is a whole number from 1 to 65535.`);
}

/** What `--help` prints. */
export function helpText(command: string): string {
  const ports = parts.map((part) => {
    const flag = `--port-${part} <n>`.padEnd(22);
    return `  ${flag} ${variableOf(part).padEnd(24)} ${defaultPorts[part]}`;
  });
  return [
    `npm run ${command} [-- flags]`,
    "",
    "  flag                   or variable              default",
    ...ports,
    `  ${"--state <folder>".padEnd(22)} ${"SHOPFLOOR_STATE".padEnd(24)} .local/world`,
    "",
    "  --fresh   forget everything of earlier runs first",
    "  --json    print one line of JSON on standard output when everything serves",
    "",
    "A default port that is taken is replaced by the next free one; one you asked for is not.",
  ].join("\n");
}
