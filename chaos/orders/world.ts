import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { distDirOf, hashOfInputs, onceFor, stampOf } from "@/local/launcher/build";
import { addressesOf, baseEnvironment, envFileText, storeSettings } from "@/local/launcher/environment";
import { runOnce, type ServiceSpec } from "@/local/launcher/service";
import { nextBuild, seed, store, triggerServer, vendors, type WorldContext } from "@/local/launcher/services";
import { loadSecrets, lockHolder, statePaths } from "@/local/launcher/state";
import { type Guard, startGuard } from "@/local/machine/guard";
import { freePort } from "@/local/machine/ports";
import { createDatabase } from "@/local/postgres/databases";
import { migrate } from "@/local/postgres/migrate";
import { buildStorePrograms } from "../build";
import { Killer } from "../killer";
import { startPostgresProgram } from "../postgres";
import { Program, printed } from "../program";
import type { VictimKind } from "./victims";
import { startWebhookProxy, type WebhookProxy } from "./webhook-proxy";

export type OrdersWorld = {
  settings: Record<string, string>;
  addresses: WorldContext["addresses"];
  /** The superuser's view of the task platform's tables. */
  triggerDatabaseUrl: string;
  webhooks: WebhookProxy;
  killer: Killer<VictimKind>;
  programs: Program[];
  untilReady: () => Promise<void>;
  close: () => Promise<void>;
};

type Say = (line: string) => void;

/**
 * How many runs a host has at once, and how many processes the store: half of the processors each. What dies has to warm
 * up again, which costs more than its work; more of them would do little else.
 */
const share = Math.max(1, Math.floor(availableParallelism() / 2));

/** Of those that say when they are ready. */
const never = () => new Promise<void>(() => undefined);

/**
 * A whole shop: a durable Postgres, two Trigger servers on one database, two worker hosts of which each knows one of
 * them, the store's production build, and the vendors, who are never killed. `say` is told what takes long.
 */
export async function startOrdersWorld(
  projectDir: string,
  folder: string,
  { seed: chaosSeed, say }: { seed: number; say: Say },
): Promise<OrdersWorld> {
  const id = randomBytes(8).toString("hex");
  const context = await prepare(projectDir, folder, id);
  const { postgres, adminUrl } = await startPostgresProgram(folder, join(context.paths.logs, "postgres.log"));
  const guard = startGuard(id);
  try {
    return await startAll(context, { folder, postgres, adminUrl, guard, chaosSeed, say });
  } catch (error) {
    await postgres.stop();
    await guard.close();
    throw error;
  }
}

type Started = { folder: string; postgres: Program; adminUrl: string; guard: Guard; chaosSeed: number; say: Say };

async function startAll(context: WorldContext, started: Started): Promise<OrdersWorld> {
  const { folder, postgres, adminUrl, guard, chaosSeed, say } = started;
  const { projectDir, paths, ports, addresses } = context;
  context.settings = { ...storeSettings(addresses, context.secrets, adminUrl), STORE_URL: addresses.store };
  await writeFile(paths.env, envFileText(context.settings), { mode: 0o600 });

  await migrate({
    url: await createDatabase(adminUrl, "shopfloor"),
    migrationsDir: join(projectDir, "prisma/migrations"),
  });
  await runOnce(seed(context), guard);
  context.distDir = await findBuild(context, guard, say);
  const built = await buildStorePrograms(folder, { ...context.base, ...context.settings, NODE_ENV: "development" });
  const webhooks = await startWebhookProxy(`${addresses.store}/api/webhooks/stripe`, chaosSeed);

  const triggerDatabaseUrl = await createDatabase(adminUrl, "trigger");
  const serverPorts = [ports.trigger, await freePort()];
  const servers = serverPorts.map((port, n) => {
    const spec = triggerServer({ ...context, ports: { ...ports, trigger: port } }, triggerDatabaseUrl);
    return programOf(
      { ...spec, name: `server-${n}`, args: ["--enable-source-maps", built.server] },
      { text: "listens on" },
    );
  });
  const hosts = serverPorts.map((port, n) =>
    programOf(
      { ...seed(context), ready: never, name: `host-${n}`, args: ["--enable-source-maps", built.host] },
      {
        env: {
          HOME: paths.home,
          TRIGGER_API_URL: `http://127.0.0.1:${port}`,
          CHAOS_PREPARED: built.preparedFile,
          CHAOS_PROJECT: built.projectDir,
          CHAOS_ENV_FILE: paths.env,
          CHAOS_SLOTS: String(share),
        },
        text: "host ready",
      },
    ),
  );
  const web = programOf({ ...store(context, "start"), name: "web" }, { env: { WEB_CONCURRENCY: String(share) } });
  const sellers = programOf({ ...vendors(context), name: "vendors" }, { env: { STRIPE_WEBHOOK_URL: webhooks.url } });
  const programs = [postgres, sellers, ...servers, ...hosts, web];

  function programOf(spec: ServiceSpec, { env = {}, text }: { env?: Record<string, string>; text?: string }): Program {
    const { name, command, args, cwd } = spec;
    return new Program({
      name,
      logFile: join(paths.logs, `${name}.log`),
      command: async () => ({ command, args, cwd, env: { ...spec.env, ...env } as NodeJS.ProcessEnv }),
      ready: (child) => (text ? printed(child, text) : spec.ready(() => "")),
    });
  }

  return {
    settings: context.settings,
    addresses,
    triggerDatabaseUrl,
    webhooks,
    killer: new Killer<VictimKind>({ host: hosts, web: [web], server: servers, postgres: [postgres] }, hosts),
    programs,
    untilReady: async () => {
      for (const one of programs) await one.untilReady();
    },
    close: async () => {
      await Promise.all(programs.filter((one) => one !== postgres).map((one) => one.stop()));
      await postgres.stop();
      await webhooks.close();
      await guard.close();
      await built.remove();
    },
  };
}

async function prepare(projectDir: string, folder: string, id: string): Promise<WorldContext> {
  const paths = statePaths(folder);
  for (const part of [paths.logs, paths.home]) await mkdir(part, { recursive: true });
  const parts = ["store", "trigger", "stripe", "resend", "s3", "carrier", "postgres"] as const;
  const ports = Object.fromEntries(await eachInTurn(parts, async (part) => [part, await freePort()] as const));
  const addresses = addressesOf(ports as WorldContext["ports"]);
  return {
    projectDir,
    distDir: "",
    paths,
    ports: ports as WorldContext["ports"],
    addresses: { ...addresses, store: `http://127.0.0.1:${ports.store}` },
    secrets: await loadSecrets(folder),
    base: baseEnvironment(process.env, projectDir, id),
    settings: {},
  };
}

async function eachInTurn<In, Out>(list: readonly In[], work: (one: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  for (const one of list) results.push(await work(one));
  return results;
}

/**
 * The folder of a production build of just these sources: one that a world of the launcher made and does not use at the
 * moment, or one of our own, which the next run finds again.
 */
async function findBuild(context: WorldContext, guard: Guard, say: Say): Promise<string> {
  const { projectDir } = context;
  const inputs = await hashOfInputs(projectDir);
  for (const state of ["test", "world"]) {
    const stateDir = join(projectDir, ".local", state);
    const distDir = distDirOf(projectDir, stateDir);
    const made = await readFile(stampOf(projectDir, distDir), "utf8").catch(() => "");
    if (made === inputs && !(await lockHolder(stateDir))) return distDir;
  }
  const distDir = distDirOf(projectDir, join(projectDir, ".local", "chaos"));
  await onceFor(inputs, stampOf(projectDir, distDir), async () => {
    const begun = performance.now();
    await runOnce(nextBuild({ ...context, distDir }), guard);
    say(`built the store in ${Math.round((performance.now() - begun) / 1_000)} s`);
  });
  return distDir;
}
