import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";

/** How much waits for a person to look at. @throws NotAllowedError */
export async function countFindings({ actor }: { actor: Actor }): Promise<number> {
  requireStaff(actor);
  return db().finding.count({ where: { state: "open" } });
}
