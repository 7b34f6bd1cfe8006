import { type Actor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { FindingState } from "@/lib/db/generated/client";
import type { FindingId, OrderId } from "@/lib/ids";

export type FindingView = {
  id: FindingId;
  kind: string;
  message: string;
  order: { id: OrderId; number: number } | null;
  isOpen: boolean;
  createdAt: Date;
  resolvedAt: Date | null;
  /** It was found to be well again, by the store itself. */
  settledItself: boolean;
  note: string | null;
};

/**
 * What a person has to look at, the oldest first; or what was resolved, the last first.
 *
 * @throws NotAllowedError
 */
export async function listFindings(asked: {
  actor: Actor;
  state: FindingState;
  limit?: number;
}): Promise<FindingView[]> {
  const { actor, state, limit = 100 } = asked;
  requireStaff(actor);
  const rows = await db().finding.findMany({
    where: { state },
    include: { order: { select: { number: true } } },
    orderBy: state === "open" ? [{ createdAt: "asc" }, { id: "asc" }] : [{ resolvedAt: "desc" }, { id: "desc" }],
    take: limit,
  });
  return rows.map(({ id, kind, message, orderId, order, createdAt, resolvedAt, resolvedBy, note }) => ({
    id: id as FindingId,
    kind,
    message,
    order: order && orderId ? { id: orderId as OrderId, number: order.number } : null,
    isOpen: state === "open",
    createdAt,
    resolvedAt,
    settledItself: resolvedBy === "system",
    note,
  }));
}
