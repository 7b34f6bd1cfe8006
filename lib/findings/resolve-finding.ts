import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { transaction } from "@/lib/db/transaction";
import { type FindingId, newId } from "@/lib/ids";
import { FindingResolvedError } from "./errors";

/**
 * Staff say what they did about a finding; it is not raised again. Of several who resolve it one is heard.
 *
 * @throws NotAllowedError, FindingResolvedError
 */
export async function resolveFinding(asked: {
  actor: Actor;
  findingId: FindingId;
  note: string;
  now: Date;
}): Promise<void> {
  const { actor, findingId, note, now } = asked;
  requireStaff(actor);
  await transaction(async (tx) => {
    const resolved = await tx.finding.updateMany({
      where: { id: findingId, state: "open" },
      data: { state: "resolved", resolvedAt: now, resolvedBy: `staff:${actor.userId}`, note },
    });
    if (resolved.count === 0) throw new FindingResolvedError();
    await tx.auditEntry.create({
      data: {
        id: newId("audit"),
        actorId: actor.userId,
        action: "finding.resolve",
        subject: findingId,
        createdAt: now,
      },
    });
  });
}
