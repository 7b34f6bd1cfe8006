import { join } from "node:path";
import type { Addresses } from "./environment";
import { BUCKET, PROJECT_REF, REGION } from "./environment";
import type { Ports } from "./ports";
import { answers, logs } from "./ready";
import type { ServiceSpec } from "./service";
import type { Secrets, statePaths } from "./state";

/** What all services of a world are started with. */
export type WorldContext = {
  projectDir: string;
  distDir: string;
  paths: ReturnType<typeof statePaths>;
  ports: Ports;
  addresses: Addresses;
  secrets: Secrets;
  /** What every process starts from; no setting of the store is in it. */
  base: Record<string, string | undefined>;
  /** The settings of the store. */
  settings: Record<string, string>;
};

type Common = Pick<ServiceSpec, "name" | "command" | "cwd" | "logFile">;

function common(world: WorldContext, name: string): Common {
  return {
    name,
    command: process.execPath,
    cwd: world.projectDir,
    logFile: join(world.paths.logs, `${name.toLowerCase().replaceAll(" ", "-")}.log`),
  };
}

const inModules = (world: WorldContext, path: string) => join(world.projectDir, "node_modules", path);
const typescript = (world: WorldContext, path: string) => ["--import", "tsx", join(world.projectDir, path)];

/** The local Stripe, Resend, S3 and carrier, in one process. */
export function vendors(world: WorldContext): ServiceSpec {
  const { ports, addresses, secrets, paths } = world;
  return {
    ...common(world, "Vendors"),
    args: typescript(world, "local/vendors.ts"),
    env: {
      ...world.base,
      NODE_ENV: "development",
      STRIPE_PORT: String(ports.stripe),
      STRIPE_STATE: paths.stripe,
      STRIPE_SECRET_KEY: secrets.stripeKey,
      STRIPE_WEBHOOK_URL: `http://127.0.0.1:${ports.store}/api/webhooks/stripe`,
      STRIPE_WEBHOOK_SECRET: secrets.stripeWebhook,
      STRIPE_PUBLIC_URL: `http://localhost:${ports.stripe}`,
      RESEND_PORT: String(ports.resend),
      RESEND_STATE: paths.resend,
      RESEND_API_KEY: secrets.resendKey,
      S3_PORT: String(ports.s3),
      S3_STATE: paths.s3,
      S3_BUCKET: BUCKET,
      S3_CORS_ORIGINS: `${addresses.store} http://127.0.0.1:${ports.store}`,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: secrets.s3KeyId,
      AWS_SECRET_ACCESS_KEY: secrets.s3Secret,
      CARRIER_PORT: String(ports.carrier),
      CARRIER_STATE: paths.carrier,
      CARRIER_API_KEY: secrets.carrierKey,
    },
    async ready() {
      const { stripe, resend, s3, carrier } = addresses;
      await Promise.all([stripe, resend, s3, carrier].map((url) => answers(url)));
    },
  };
}

/** The local Trigger.dev server, with its dashboard. */
export function triggerServer(world: WorldContext, databaseUrl: string): ServiceSpec {
  return {
    ...common(world, "Trigger server"),
    args: typescript(world, "local/trigger/main.ts"),
    env: {
      ...world.base,
      NODE_ENV: "development",
      TRIGGER_LOCAL_PORT: String(world.ports.trigger),
      TRIGGER_LOCAL_DATABASE_URL: databaseUrl,
      TRIGGER_SECRET_KEY: world.secrets.triggerKey,
      TRIGGER_ACCESS_TOKEN: world.secrets.triggerToken,
      TRIGGER_PROJECT_REF: PROJECT_REF,
    },
    ready: () => answers(world.addresses.trigger),
  };
}

/** The lean worker host. Its tasks stay as they are now, like the pages of a production build: they are bundled once. */
export function worker(world: WorldContext): ServiceSpec {
  return {
    ...common(world, "Worker"),
    args: [...typescript(world, "local/trigger/worker/main.ts"), "--env-file", world.paths.env],
    env: tasksEnvironment(world),
    ready: (log) => logs(log, /Local worker ready/),
  };
}

/** The official command line, unmodified: it follows every change of the tasks. */
export function officialWorker(world: WorldContext): ServiceSpec {
  return {
    ...common(world, "Worker"),
    args: [
      "--import",
      join(world.projectDir, "local/launcher/offline-shim.mjs"),
      inModules(world, "trigger.dev/dist/esm/index.js"),
      "dev",
      "--skip-update-check",
      "--skip-telemetry",
      "--skip-platform-notifications",
      "--skip-mcp-install",
      "--skip-rules-install",
      // It counts waiting runs too and would starve their children; what may really run at once is the server's to say.
      "--max-concurrent-runs",
      "100",
      "--env-file",
      world.paths.env,
    ],
    env: { ...tasksEnvironment(world), TRIGGER_ACCESS_TOKEN: world.secrets.triggerToken, NO_COLOR: "1" },
    ready: (log) => logs(log, /Local worker ready/, /Error: /),
  };
}

/** A home of their own: vendors' clients and the command line read files of the person in it. */
function tasksEnvironment(world: WorldContext): ServiceSpec["env"] {
  return {
    ...world.base,
    ...world.settings,
    NODE_ENV: "development",
    HOME: world.paths.home,
    XDG_CONFIG_HOME: join(world.paths.home, ".config"),
  };
}

/** Builds the store for production. */
export function nextBuild(world: WorldContext): Omit<ServiceSpec, "ready"> {
  return {
    ...common(world, "Next build"),
    args: [inModules(world, "next/dist/bin/next"), "build"],
    env: { ...world.base, ...world.settings, NODE_ENV: "production", NEXT_DIST_DIR: world.distDir },
  };
}

/** The store: built, as `npm start` starts it, or compiled as pages are asked for. */
export function store(world: WorldContext, mode: "start" | "dev"): ServiceSpec {
  const { port } = { port: String(world.ports.store) };
  const program = {
    // A page leaves many short-lived objects behind: with more room for them most are gone before they are looked at.
    start: ["--max-semi-space-size=64", "server.mjs"],
    dev: [inModules(world, "next/dist/bin/next"), "dev"],
  };
  return {
    ...common(world, "Store"),
    args: [...program[mode], "--hostname", "127.0.0.1", "--port", port],
    env: {
      ...world.base,
      ...world.settings,
      NODE_ENV: mode === "start" ? "production" : "development",
      NEXT_DIST_DIR: world.distDir,
    },
    ready: () => answers(`http://127.0.0.1:${port}/`),
  };
}

/** Fills the store's database with its first products and the demo logins; may be repeated. */
export function seed(world: WorldContext): Omit<ServiceSpec, "ready"> {
  return {
    ...common(world, "Seed"),
    args: typescript(world, "prisma/seed.ts"),
    env: { ...world.base, ...world.settings, NODE_ENV: "development" },
  };
}
