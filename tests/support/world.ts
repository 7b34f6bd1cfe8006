import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeDb, db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { emptyDatabase } from "./database";

type Part = { url: string; port: number; close(): Promise<void> };
type Name = "stripe" | "resend" | "s3" | "carrier" | "trigger";

/** What a test asks for with `true` is there; the rest of the vendors stays out of reach. */
export type World<Asked extends Name = Name> = Record<Asked, Part> & { close(): Promise<void> };

const starters: Record<Name, (stateDir: string, webhookUrl: string | undefined) => Promise<Part>> = {
  stripe: async (stateDir, webhookUrl) => {
    const { startStripe } = await import("@/local/stripe/server");
    const secret = setting("STRIPE_WEBHOOK_SECRET");
    const webhook = webhookUrl ? { url: webhookUrl, secret } : undefined;
    const part = await startStripe({ port: 0, stateDir, secretKey: setting("STRIPE_SECRET_KEY"), webhook });
    process.env.STRIPE_API_URL = part.url;
    return part;
  },
  resend: async (stateDir) => {
    const { startResend } = await import("@/local/resend/server");
    const part = await startResend({ port: 0, stateDir, apiKey: setting("RESEND_API_KEY") });
    process.env.RESEND_BASE_URL = part.url;
    return part;
  },
  s3: async (stateDir) => {
    const { startS3 } = await import("@/local/s3/server");
    const part = await startS3({
      port: 0,
      stateDir,
      accessKeyId: setting("AWS_ACCESS_KEY_ID"),
      secretAccessKey: setting("AWS_SECRET_ACCESS_KEY"),
      region: setting("AWS_REGION"),
      buckets: [setting("S3_BUCKET")],
      corsOrigins: [setting("STORE_URL")],
    });
    process.env.AWS_ENDPOINT_URL_S3 = part.url;
    return part;
  },
  carrier: async (stateDir) => {
    const { startCarrier } = await import("@/local/carrier/server");
    const part = await startCarrier({ port: 0, stateDir, apiKey: setting("CARRIER_API_KEY") });
    process.env.CARRIER_URL = part.url;
    return part;
  },
  trigger: async () => {
    const { startTriggerServer } = await import("@/local/trigger/server");
    const database = await emptyDatabase();
    const part = await startTriggerServer({
      port: 0,
      databaseUrl: database.url,
      secretKey: setting("TRIGGER_SECRET_KEY"),
      accessToken: "tr_pat_local_tests",
      projectRef: setting("TRIGGER_PROJECT_REF"),
    });
    process.env.TRIGGER_API_URL = part.url;
    return part;
  },
};

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this test must run in the integration project.`);
  return value;
}

/**
 * A store for one test file: its own migrated database with the store's settings row, and the vendors it asks for,
 * each with empty state on a free port. Call it in `beforeAll`, before anything reads the settings; `close` it after.
 */
export async function startWorld<Asked extends Name = never>(
  asked: Partial<Record<Asked, true>> & { webhookUrl?: string } = {},
): Promise<World<Asked>> {
  const folder = await mkdtemp(join(tmpdir(), "shopfloor-world-"));
  const parts: Partial<Record<Name, Part>> = {};
  for (const name of Object.keys(starters) as Name[]) {
    if (name in asked) parts[name] = await starters[name](join(folder, name), asked.webhookUrl);
  }
  await openShop();
  return {
    ...(parts as Record<Asked, Part>),
    close: async () => {
      await closeDb();
      await Promise.all(Object.values(parts).map((part) => part.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The rows without which nothing can be sold: the store's settings and one way of shipping, which needs no choosing. */
export async function openShop(): Promise<void> {
  await db().storeSettings.create({
    data: {
      name: "Shopfloor",
      currency: "EUR",
      timeZone: "UTC",
      reportRecipients: ["finance@shopfloor.example"],
    },
  });
  await db().shippingZone.create({
    data: {
      id: newId("shippingZone"),
      name: "Great Britain",
      position: 1,
      countries: { create: { country: "GB" } },
      rates: {
        create: {
          id: newId("shippingRate"),
          position: 1,
          name: "Standard",
          amount: 490,
          currency: "EUR",
          freeFromAmount: 10_000,
        },
      },
    },
  });
}
