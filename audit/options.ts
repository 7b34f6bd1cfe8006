import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { lockHolder, statePaths } from "@/local/launcher/state";
import type { AuditOptions } from "./audit";
import { UsageError } from "./errors";

export const usage = `npm run audit [-- flags]

Checks the money and the stock of a store: by default of the demo that is running.

  flag                     or variable          default
  --state <folder>         SHOPFLOOR_STATE      .local/world: which demo
  --database-url <url>     DATABASE_URL         the demo's; with it, all the others come from here as well
  --stripe-key <key>       STRIPE_SECRET_KEY    needed with a database; one that may only read is enough
  --stripe-url <url>       STRIPE_API_URL       Stripe's own
  --trigger-key <key>      TRIGGER_SECRET_KEY   none: runs are left out
  --trigger-url <url>      TRIGGER_API_URL      Trigger.dev's own

  --grace <minutes>        what changed later than that ago may still be under way (default 0: the store is quiet)
  --json                   the result as JSON

Exit code 0: no violation; 1: violations; 2: it could not look.`;

export type Asked = { kind: "help" } | { kind: "audit"; isJson: boolean; options: AuditOptions };

/** Reads flags, then the environment, then the running demo. @throws UsageError */
export async function readOptions(
  args: string[],
  environment: NodeJS.Dict<string>,
  projectDir: string,
): Promise<Asked> {
  const flags = parse(args);
  if (flags.help) return { kind: "help" };
  const databaseUrl = flags["database-url"] ?? environment.DATABASE_URL;
  const state = resolve(projectDir, flags.state ?? environment.SHOPFLOOR_STATE ?? ".local/world");
  const named = flags.state === undefined && databaseUrl;
  const settings = named ? { ...environment, DATABASE_URL: databaseUrl } : await settingsOfDemo(state);
  if (!named && (flags["stripe-key"] || flags["stripe-url"]))
    throw new UsageError("Name the database too: --database-url. Another Stripe's ledger cannot be the demo's.");
  const stripeKey = flags["stripe-key"] ?? settings.STRIPE_SECRET_KEY;
  if (!stripeKey) throw new UsageError("Give a key of Stripe's that may read: --stripe-key, or STRIPE_SECRET_KEY.");
  const triggerKey = flags["trigger-key"] ?? settings.TRIGGER_SECRET_KEY;
  return {
    kind: "audit",
    isJson: flags.json ?? false,
    options: {
      databaseUrl: settings.DATABASE_URL ?? "",
      stripe: { key: stripeKey, url: flags["stripe-url"] ?? settings.STRIPE_API_URL },
      graceMs: minutes(flags.grace) * 60_000,
      ...(triggerKey && { trigger: { key: triggerKey, url: flags["trigger-url"] ?? settings.TRIGGER_API_URL } }),
    },
  };
}

function parse(args: string[]) {
  const value = { type: "string" } as const;
  try {
    return parseArgs({
      args,
      options: {
        state: value,
        "database-url": value,
        "stripe-key": value,
        "stripe-url": value,
        "trigger-key": value,
        "trigger-url": value,
        grace: value,
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : cause}\n\n${usage}`, { cause });
  }
}

function minutes(given: string | undefined): number {
  const value = Number(given ?? 0);
  if (given?.trim() === "" || !Number.isFinite(value) || value < 0)
    throw new UsageError(`--grace is "${given}": it takes minutes, such as 15.`);
  return value;
}

async function settingsOfDemo(stateDir: string): Promise<NodeJS.Dict<string>> {
  if (!(await lockHolder(stateDir)))
    throw new UsageError(
      `No shop is running on ${stateDir}. Start one with \`npm run demo\`, or say which to check: npm run audit -- --help`,
    );
  return parseEnv(await readFile(statePaths(stateDir).env, "utf8").catch(() => ""));
}
