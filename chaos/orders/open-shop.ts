import { createWriteStream } from "node:fs";
import { join } from "node:path";
import type { StaffActor } from "@/lib/accounts/actor";
import { setStock } from "@/lib/catalog/set-stock";
import { bulkTransaction } from "@/lib/db/bulk-transaction";
import { db } from "@/lib/db/client";
import type { VariantId } from "@/lib/ids";
import { log } from "@/lib/log";
import { demoLogins } from "@/local/launcher/logins";
import type { OrdersWorld } from "./world";

/** Enough for the largest crowd, but for the few of which the seed has hardly any: those sell out. */
const plenty = 1_000_000;
const scarceBelow = 4;

/**
 * Makes this process a part of the shop, so that staff can act in it, and fills the shelves. What the store logs here
 * goes to a file beside the others'.
 */
export async function openShop(world: OrdersWorld, folder: string): Promise<StaffActor> {
  Object.assign(process.env, world.settings);
  const file = createWriteStream(join(folder, "logs", "staff.log"), { flags: "a" });
  const write = (event: string, fields: object = {}) => void file.write(`${JSON.stringify({ event, ...fields })}\n`);
  Object.assign(log, { info: write, warn: write, error: write });

  const stock = await db().stockItem.findMany({ where: { tracked: true, onHand: { gte: scarceBelow } } });
  const targets = stock.map((item) => ({
    variantId: item.variantId as VariantId,
    optionValues: [],
    tracked: true,
    onHand: plenty,
  }));
  await bulkTransaction((tx) => setStock(tx, targets, { now: new Date() }));
  const { email } = demoLogins[1] as (typeof demoLogins)[number];
  const { id } = await db().user.findUniqueOrThrow({ where: { email } });
  return { kind: "staff", userId: id, role: "staff", email };
}
