import pg from "pg";
import Stripe from "stripe";
import type { AuditOptions } from "@/audit/audit";
import { startTriggerServer } from "@/local/trigger/server";
import { emptyDatabase } from "@/tests/support/database";
import { startWorld as startVendors } from "@/tests/support/world";
import { Platform } from "./platform";

type Vendor = "stripe" | "resend" | "s3" | "carrier";

/** Everything around the store: its database and its vendors, which one play after the other begins with empty. */
export type World = {
  sql: pg.Client;
  stripe: Stripe;
  platform: Platform;
  auditAccess: Pick<AuditOptions, "databaseUrl" | "stripe" | "trigger">;
  control(vendor: Vendor, path: string, body: object): Promise<void>;
  read<Answer>(vendor: Vendor, path: string): Promise<Answer>;
  reset(): Promise<void>;
  close(): Promise<void>;
};

const tasks = [
  "handle-stripe-webhook",
  "process-order",
  "order-notifications",
  "fulfill-order",
  "refund-order",
  "remove-saved-card",
];
/** What a play leaves on the platform; who works there stays. */
const runTables = ["run", "snapshot", "waitpoint", "run_wait", "batch", "batch_item", "timer", "request", "span"];

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** Starts the vendors for the store that the environment describes. `databaseUrl` is how its judges reach its database. */
export async function openWorld(databaseUrl: string): Promise<World> {
  const vendors = await startVendors({ stripe: true, resend: true, s3: true, carrier: true });
  const sql = await connect(databaseUrl);
  const runsDatabase = await emptyDatabase();
  const account = { secretKey: setting("TRIGGER_SECRET_KEY"), projectRef: setting("TRIGGER_PROJECT_REF") };
  const trigger = await startTriggerServer({
    port: 0,
    databaseUrl: runsDatabase.url,
    accessToken: "tr_pat_local_points",
    ...account,
  });
  process.env.TRIGGER_API_URL = trigger.url;
  const runs = await connect(runsDatabase.url);
  const key = setting("STRIPE_SECRET_KEY");
  const emptied = await storeTables(sql);
  await sql.query("update store_settings set review_from_amount = 100000");
  async function control(vendor: Vendor, path: string, body: object): Promise<void> {
    const answer = await fetch(`${vendors[vendor].url}/_local${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
    if (!answer.ok) throw new Error(`${vendor}${path}: ${await answer.text()}`);
  }
  return {
    sql,
    stripe: new Stripe(key, { host: "127.0.0.1", port: vendors.stripe.port, protocol: "http", telemetry: false }),
    platform: await Platform.join(
      {
        url: trigger.url,
        ...account,
        hasWork: async () => {
          const queued = await runs.query("select from trigger_local.run where execution_status = 'QUEUED' limit 1");
          return queued.rowCount === 1;
        },
      },
      tasks,
    ),
    auditAccess: {
      databaseUrl,
      stripe: { key, url: vendors.stripe.url },
      trigger: { key: account.secretKey, url: trigger.url },
    },
    control,
    read: async <Answer>(vendor: Vendor, path: string) =>
      (await (await fetch(`${vendors[vendor].url}/_local${path}`)).json()) as Answer,
    async reset() {
      await sql.query(emptied.map((table) => `delete from "${table}"`).join("; "));
      await runs.query(runTables.map((table) => `delete from trigger_local.${table}`).join("; "));
      for (const vendor of ["stripe", "resend", "s3", "carrier"] as const) await control(vendor, "/reset", {});
    },
    async close() {
      await sql.end();
      await runs.end();
      await trigger.close();
      await vendors.close();
    },
  };
}

/** Without triggers and foreign keys, so that tables can be emptied in any order. */
async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: "playwright" });
  await client.connect();
  await client.query("set session_replication_role = replica");
  return client;
}

/** All but what a store is opened with. */
async function storeTables(sql: pg.Client): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'
     and tablename !~ 'migration|^store_settings$|^shipping_(zone|zone_country|rate)$'`,
  );
  return rows.map(({ name }) => name);
}
