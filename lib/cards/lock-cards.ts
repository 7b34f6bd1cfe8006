import type { Tx } from "@/lib/db/transaction";
import type { UserId } from "@/lib/ids";

/** Holds a shopper's cards until the transaction ends: what changes them takes turns. Taken after orders. */
export async function lockCards(tx: Tx, userId: UserId): Promise<void> {
  await tx.$queryRaw`select 1 from "user" where id = ${userId} for no key update`;
}
