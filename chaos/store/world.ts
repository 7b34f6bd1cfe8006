import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeDb } from "@/lib/db/client";
import { startCarrier } from "@/local/carrier/server";
import { createDatabase } from "@/local/postgres/databases";
import { migrate } from "@/local/postgres/migrate";
import { startPostgres } from "@/local/postgres/server";
import { startResend } from "@/local/resend/server";
import { startS3 } from "@/local/s3/server";
import { startStripe } from "@/local/stripe/server";
import { muteLog } from "./mute-log";
import { serveWebhooks } from "./webhooks";

/** What the store writes down as an error while it is being tried: a bug, whatever the outcome. */
export type StoreWorld = { loggedErrors(): string[]; close(): Promise<void> };

/**
 * A store for one proof: a PostgreSQL that syncs its disk, and the vendors' stand-ins in this process, with the settings
 * that lead there. Stripe's messages come in by HTTP and are verified and kept as the store's route does it. There is no
 * task platform; `workOff` does what the outbox asks for. A program that is told to end by one of `endOn` leaves nothing
 * behind.
 */
export async function startStoreWorld({
  endOn = ["SIGINT", "SIGTERM"],
}: {
  endOn?: NodeJS.Signals[];
} = {}): Promise<StoreWorld> {
  const folder = await mkdtemp(join(tmpdir(), "shopfloor-chaos-"));
  await chmod(folder, 0o711); // PostgreSQL may run as another user
  const log = muteLog();
  const postgres = await startPostgres({ dataDir: join(folder, "postgres"), port: 0 });
  const databaseUrl = await createDatabase(postgres.url, "chaos");
  await migrate({ url: databaseUrl, migrationsDir: "prisma/migrations" });
  const settings = {
    DATABASE_URL: databaseUrl,
    STORE_URL: "http://localhost:3000",
    BETTER_AUTH_SECRET: "only-for-chaos-only-for-chaos-only",
    STRIPE_SECRET_KEY: "sk_test_local_chaos",
    STRIPE_WEBHOOK_SECRET: "whsec_local_chaos",
    RESEND_API_KEY: "re_local_chaos",
    MAIL_FROM: "Shopfloor <orders@shopfloor.example>",
    S3_BUCKET: "chaos",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "LOCALCHAOS",
    AWS_SECRET_ACCESS_KEY: "local-chaos",
    CARRIER_API_KEY: "carrier_local_chaos",
    TRIGGER_SECRET_KEY: "tr_dev_chaos",
    TRIGGER_PROJECT_REF: "proj_chaos",
  };
  const webhooks = await serveWebhooks();
  const vendor = (name: string) => ({ port: 0, stateDir: join(folder, name) });
  const stripe = await startStripe({
    ...vendor("stripe"),
    secretKey: settings.STRIPE_SECRET_KEY,
    webhook: { url: webhooks.url, secret: settings.STRIPE_WEBHOOK_SECRET, retryDelaysMs: [100, 1_000] },
  });
  const resend = await startResend({ ...vendor("resend"), apiKey: settings.RESEND_API_KEY });
  const carrier = await startCarrier({ ...vendor("carrier"), apiKey: settings.CARRIER_API_KEY });
  const s3 = await startS3({
    ...vendor("s3"),
    accessKeyId: settings.AWS_ACCESS_KEY_ID,
    secretAccessKey: settings.AWS_SECRET_ACCESS_KEY,
    region: settings.AWS_REGION,
    buckets: [settings.S3_BUCKET],
    corsOrigins: [],
  });
  Object.assign(process.env, settings, {
    STRIPE_API_URL: stripe.url,
    RESEND_BASE_URL: resend.url,
    CARRIER_URL: carrier.url,
    AWS_ENDPOINT_URL_S3: s3.url,
  });
  const close = async () => {
    await closeDb();
    await Promise.all([stripe, resend, carrier, s3].map((part) => part.close()));
    await webhooks.close();
    await postgres.close();
    await rm(folder, { recursive: true, force: true });
    log.restore();
  };
  for (const signal of endOn) process.once(signal, () => void close().finally(() => process.exit(1)));
  return { loggedErrors: log.errors, close };
}
