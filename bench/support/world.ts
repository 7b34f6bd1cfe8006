import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { db } from "@/lib/db/client";
import { createDatabase } from "@/local/postgres/databases";
import { migrate } from "@/local/postgres/migrate";
import { startPostgres } from "@/local/postgres/server";
import { startS3 } from "@/local/s3/server";

export type BenchWorld = { databaseUrl: string; close(): Promise<void> };

/**
 * A store with a durable database in which there is nothing but its settings, a local S3, and the environment that leads
 * there. Its state goes with it.
 */
export async function startBenchWorld(): Promise<BenchWorld> {
  const folder = await mkdtemp(join(tmpdir(), "shopfloor-bench-"));
  await chmod(folder, 0o711); // PostgreSQL may run as another user
  const postgres = await startPostgres({ dataDir: join(folder, "postgres"), port: 0 });
  const databaseUrl = await createDatabase(postgres.url, "bench");
  await migrate({ url: databaseUrl, migrationsDir: "prisma/migrations" });
  const keys = { accessKeyId: "LOCALBENCH", secretAccessKey: "local-bench", region: "us-east-1" };
  const s3 = await startS3({ port: 0, stateDir: join(folder, "s3"), ...keys, buckets: ["bench"], corsOrigins: [] });
  Object.assign(process.env, {
    DATABASE_URL: databaseUrl,
    STORE_URL: "http://localhost:3000",
    BETTER_AUTH_SECRET: "only-for-benches-only-for-benches-",
    STRIPE_SECRET_KEY: "sk_test_local_bench",
    STRIPE_WEBHOOK_SECRET: "whsec_local_bench",
    RESEND_API_KEY: "re_local_bench",
    MAIL_FROM: "bench@shopfloor.example",
    S3_BUCKET: "bench",
    AWS_REGION: keys.region,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_ENDPOINT_URL_S3: s3.url,
    CARRIER_URL: "http://127.0.0.1:1",
    CARRIER_API_KEY: "carrier_local_bench",
    TRIGGER_SECRET_KEY: "tr_dev_bench",
    TRIGGER_PROJECT_REF: "proj_bench",
    IMPORT_ROWS_PER_SECOND: "0",
  });
  await db().storeSettings.create({ data: { name: "Bench", currency: "EUR", reportRecipients: [] } });
  return {
    databaseUrl,
    close: async () => {
      await s3.close();
      await postgres.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
