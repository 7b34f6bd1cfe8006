import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import pg from "pg";
import { readOptions } from "@/local/launcher/options";
import { statePaths } from "@/local/launcher/state";
import { createSteps } from "@/local/launcher/steps";
import { startWorld } from "@/local/launcher/world";
import { cpuMsOf } from "../engine/processes";

/** The parts of a shop whose processor time is told apart. */
export type CpuParts = Record<"web" | "worker" | "postgres" | "vendors" | "platform", number>;

export type ShopWorld = {
  store: string;
  database: pg.Pool;
  /** The environment of the store and of its tasks. */
  settings: Record<string, string>;
  /** Processor time that each part has used since it was started, with all its processes. */
  cpu: () => CpuParts;
  close: () => Promise<void>;
};

const commands: Record<keyof CpuParts, RegExp> = {
  web: /\0server\.mjs\0/,
  worker: /local\/trigger\/worker\/main\.ts/,
  postgres: /bin\/postgres\0/,
  vendors: /local\/vendors\.ts/,
  platform: /local\/trigger\/main\.ts/,
};

/**
 * The shop of `npm run demo` with its first products and nothing sold: a production build of the store, the lean worker,
 * a PostgreSQL that syncs its disk, and all stand-ins. Only the build is kept from one time to the next.
 */
export async function startShopWorld(): Promise<ShopWorld> {
  // Outside of the project, where the build lies beside the state instead of in it.
  const stateDir = join(tmpdir(), "shopfloor-bench-checkout");
  const { ports } = readOptions([], { NODE_ENV: "production" }, process.cwd());
  const steps = createSteps(process.stderr);
  const world = await startWorld({ ports, stateDir, fresh: true, projectDir: process.cwd(), mode: "demo", steps });
  process.once("SIGINT", () => void world.stop().then(() => process.exit(130)));
  const { store, postgres } = await world.started;
  const database = new pg.Pool({ connectionString: postgres, max: 4 });
  return {
    store,
    database,
    settings: parseEnv(readFileSync(statePaths(stateDir).env, "utf8")) as Record<string, string>,
    cpu: () => cpuOf(childrenByPart()),
    close: async () => {
      await database.end();
      await world.stop();
    },
  };
}

/** The launcher runs in this process, so that its services are our children. */
function childrenByPart(): Map<keyof CpuParts, number> {
  const found = new Map<keyof CpuParts, number>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const stat = read(`/proc/${pid}/stat`);
    const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(parent) !== process.pid) continue;
    const command = read(`/proc/${pid}/cmdline`);
    for (const part of Object.keys(commands) as (keyof CpuParts)[])
      if (commands[part].test(command)) found.set(part, Number(pid));
  }
  return found;
}

function cpuOf(children: Map<keyof CpuParts, number>): CpuParts {
  const of = (part: keyof CpuParts) => {
    const pid = children.get(part);
    if (pid === undefined) throw new Error(`There is no process of ${part}.`);
    return cpuMsOf(pid);
  };
  return {
    web: of("web"),
    worker: of("worker"),
    postgres: of("postgres"),
    vendors: of("vendors"),
    platform: of("platform"),
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // It has ended.
  }
}
