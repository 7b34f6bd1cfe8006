import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Guard, startGuard } from "../machine/guard";
import { createDatabase } from "../postgres/databases";
import { migrate } from "../postgres/migrate";
import { postgresReady, preparePostgres } from "../postgres/server";
import { distDirOf, hashOfInputs, onceFor, stampOf } from "./build";
import { addressesOf, baseEnvironment, envFileText, storeSettings } from "./environment";
import { demoLogins, type Login } from "./logins";
import type { WorldOptions } from "./options";
import { choosePorts } from "./ports";
import { runOnce, type Service, type ServiceSpec, startService } from "./service";
import { nextBuild, officialWorker, seed, store, triggerServer, vendors, type WorldContext, worker } from "./services";
import { forgetState, loadSecrets, lockState, statePaths } from "./state";
import type { Steps } from "./steps";

/** What `--json` prints: where everything is, and who may sign in. */
export type WorldSummary = {
  store: string;
  admin: string;
  inbox: string;
  stripe: string;
  trigger: string;
  s3: string;
  carrier: string;
  postgres: string;
  logins: readonly Login[];
};

export type World = {
  /** Where everything is, once every part serves; rejects when one could not be started, after ending the others. */
  started: Promise<WorldSummary>;
  /** Ends all of it, at any time; may be called again. */
  stop(): Promise<void>;
};

export type WorldRequest = Pick<WorldOptions, "ports" | "stateDir" | "fresh"> & {
  projectDir: string;
  /** A production build, or pages and tasks that follow every change of their source. */
  mode: "demo" | "dev";
  steps: Steps;
};

/**
 * Starts a whole shop on this machine. Parts that die later are started again. Everything ends with `stop`, and with
 * the death of this process, however it dies.
 *
 * @throws StateInUseError when another process runs a world on this state.
 */
export async function startWorld(request: WorldRequest): Promise<World> {
  const unlock = await lockState(request.stateDir);
  const worldId = randomBytes(8).toString("hex");
  const guard = startGuard(worldId);
  const services: Service[] = [];
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= stopAll(services, guard).finally(unlock);
    return stopping;
  };
  const start = async () => {
    try {
      const world = await prepare(request, worldId);
      await startAll(world, request, guard, services, () => stopping !== undefined);
      const summary = summaryOf(world);
      await writeFile(world.paths.world, `${JSON.stringify(summary)}\n`, { mode: 0o600 });
      return summary;
    } catch (error) {
      await stop();
      throw error;
    }
  };
  return { started: start(), stop };
}

async function prepare({ projectDir, stateDir, fresh, ports: wishes, steps }: WorldRequest, worldId: string) {
  if (fresh) await steps.step("Forgot everything of earlier runs", () => forgetState(stateDir));
  const paths = statePaths(stateDir);
  const ports = await choosePorts(wishes, steps.say);
  await rm(paths.logs, { recursive: true, force: true });
  for (const folder of [paths.logs, paths.home]) await mkdir(folder, { recursive: true });
  const secrets = await loadSecrets(stateDir);
  const world: WorldContext = {
    projectDir,
    distDir: distDirOf(projectDir, stateDir),
    paths,
    ports,
    addresses: addressesOf(ports),
    secrets,
    base: baseEnvironment(process.env, projectDir, worldId),
    settings: {},
  };
  return world;
}

async function startAll(
  world: WorldContext,
  { mode, steps, projectDir }: WorldRequest,
  guard: Guard,
  services: Service[],
  isStopping: () => boolean,
): Promise<void> {
  const start = async (spec: ServiceSpec, what: string) => {
    const service = await steps.step(what, () => startService(spec, guard, steps.say));
    // The order of the list is the order of starting; what started while everything stops must stop too.
    if (isStopping()) await service.stop();
    else services.push(service);
  };

  const postgresUrl = await startPostgresService(world, guard, services, steps);
  world.settings = storeSettings(world.addresses, world.secrets, postgresUrl);
  await writeFile(world.paths.env, envFileText(world.settings), { mode: 0o600 });

  const inputs = await hashOfInputs(projectDir);
  const built = mode === "demo" ? buildStore(world, inputs, guard, steps) : Promise.resolve();
  const data = prepareData(world, postgresUrl, inputs, guard, steps);
  const server = createDatabase(postgresUrl, "trigger").then((url) =>
    start(triggerServer(world, url), "Trigger.dev server"),
  );
  const tasks = start(mode === "demo" ? worker(world) : officialWorker(world), "Worker");
  const shop = Promise.all([built, data]).then(() => start(store(world, mode === "demo" ? "start" : "dev"), "Store"));
  await Promise.all([start(vendors(world), "Stripe, Resend, S3 and carrier"), server, tasks, shop]);
}

async function startPostgresService(world: WorldContext, guard: Guard, services: Service[], steps: Steps) {
  return steps.step("PostgreSQL", async () => {
    const {
      url,
      port: _port,
      ...command
    } = await preparePostgres({
      dataDir: world.paths.postgres,
      port: world.ports.postgres,
      say: steps.say,
    });
    const spec: ServiceSpec = {
      ...command,
      name: "PostgreSQL",
      // Only what it needs: its processes rewrite their environment, which the guard would look into.
      env: { PATH: process.env.PATH, TZ: "UTC" },
      logFile: join(world.paths.logs, "postgresql.log"),
      stopSignal: "SIGINT",
      ready: () => postgresReady(url),
    };
    services.push(await startService(spec, guard, steps.say));
    return url;
  });
}

async function buildStore(world: WorldContext, inputs: string, guard: Guard, steps: Steps): Promise<void> {
  await onceFor(inputs, stampOf(world.projectDir, world.distDir), () =>
    steps.step("Store built", () => runOnce(nextBuild(world), guard)),
  );
}

async function prepareData(world: WorldContext, postgresUrl: string, inputs: string, guard: Guard, steps: Steps) {
  await steps.step("Database migrated", async () => {
    const url = await createDatabase(postgresUrl, "shopfloor");
    await migrate({ url, migrationsDir: join(world.projectDir, "prisma/migrations") });
  });
  const stamp = join(world.paths.home, "seeded-inputs");
  await onceFor(inputs, stamp, () => steps.step("Products and logins seeded", () => runOnce(seed(world), guard)));
}

async function stopAll(services: Service[], guard: Guard): Promise<void> {
  const [postgres, ...others] = services;
  await Promise.all(others.map((service) => service.stop()));
  await postgres?.stop();
  await guard.close();
}

function summaryOf({ addresses, settings, ports }: WorldContext): WorldSummary {
  const page = (port: number) => `http://localhost:${port}`;
  return {
    store: addresses.store,
    admin: `${addresses.store}/admin`,
    inbox: page(ports.resend),
    stripe: page(ports.stripe),
    trigger: page(ports.trigger),
    s3: addresses.s3,
    carrier: page(ports.carrier),
    postgres: settings.DATABASE_URL ?? "",
    logins: demoLogins,
  };
}
