import { WORLD_VARIABLE } from "../machine/processes.mjs";
import { databaseUrl } from "../postgres/databases";
import { readEnvFiles } from "./live-keys";
import { demoLogins } from "./logins";
import type { Ports } from "./ports";
import type { Secrets } from "./state";

export const PROJECT_REF = "proj_shopfloor";
export const BUCKET = "shopfloor";
export const REGION = "us-east-1";

/** The addresses of a world, as people and scripts reach it. */
export type Addresses = Record<"store" | "trigger" | "stripe" | "resend" | "s3" | "carrier", string>;

/** Pages are on localhost, whose name browsers show; machines talk to 127.0.0.1, which is never looked up. */
export function addressesOf(ports: Ports): Addresses {
  const api = (port: number) => `http://127.0.0.1:${port}`;
  return {
    store: `http://localhost:${ports.store}`,
    trigger: api(ports.trigger),
    stripe: api(ports.stripe),
    resend: api(ports.resend),
    s3: api(ports.s3),
    carrier: api(ports.carrier),
  };
}

/** Every setting of .env.example, filled in for this world. The store and its tasks get these and nothing else. */
export function storeSettings(addresses: Addresses, secrets: Secrets, postgresUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl(postgresUrl, "shopfloor"),
    STORE_URL: addresses.store,
    BETTER_AUTH_SECRET: secrets.authSecret,
    STRIPE_SECRET_KEY: secrets.stripeKey,
    STRIPE_WEBHOOK_SECRET: secrets.stripeWebhook,
    STRIPE_API_URL: addresses.stripe,
    RESEND_API_KEY: secrets.resendKey,
    RESEND_BASE_URL: addresses.resend,
    MAIL_FROM: "Shopfloor <orders@shopfloor.example>",
    S3_BUCKET: BUCKET,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: secrets.s3KeyId,
    AWS_SECRET_ACCESS_KEY: secrets.s3Secret,
    AWS_ENDPOINT_URL_S3: addresses.s3,
    CARRIER_URL: addresses.carrier,
    CARRIER_API_KEY: secrets.carrierKey,
    TRIGGER_SECRET_KEY: secrets.triggerKey,
    TRIGGER_PROJECT_REF: PROJECT_REF,
    TRIGGER_API_URL: addresses.trigger,
    ADMIN_SEED_LOGINS: JSON.stringify(demoLogins),
  };
}

/** Variables that lead the official clients somewhere, whoever set them. */
const steering = /^(AWS|STRIPE|RESEND|CARRIER|TRIGGER|PG|BETTER_AUTH|AUTH|PRISMA|NEXT|OTEL)_|^PG[A-Z]+$|^DATABASE_URL/;
const ours = /^(NODE_ENV|NODE_OPTIONS|STORE_URL|MAIL_FROM|S3_BUCKET|PORT|HOSTNAME)$|^npm_/;

/**
 * What every process of a world starts from: the caller's environment without anything that could lead to a real
 * vendor. Names found in .env files are there too, empty: Next reads those files by itself, and only a variable that
 * is already set keeps their values out.
 */
export function baseEnvironment(inherited: NodeJS.ProcessEnv, projectDir: string, world: string) {
  const kept = Object.entries(inherited).filter(([name]) => !steering.test(name) && !ours.test(name));
  const silenced = readEnvFiles(projectDir).flatMap(({ values }) => Object.keys(values).map((name) => [name, ""]));
  return {
    ...Object.fromEntries(silenced),
    ...Object.fromEntries(kept),
    [WORLD_VARIABLE]: world,
    NODE_ENV: undefined,
    NEXT_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
    TZ: "UTC",
  } as Record<string, string | undefined>;
}

/** The settings as a file, for the Trigger.dev command line and whoever wants to look. */
export function envFileText(settings: Record<string, string>): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  return `# Made by the launcher for this local world. Nothing in here is worth stealing.\n${lines.join("\n")}\n`;
}
