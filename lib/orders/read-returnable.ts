import type { Prisma } from "@/lib/db/generated/client";
import type { OrderId, OrderLineId } from "@/lib/ids";

/** How many pieces of a line have been sent and are neither back nor announced to come back. */
export type ReturnableLine = { orderLineId: OrderLineId; title: string; pieces: number };

/** Reads what can still be returned of an order. To act on it, lock the order first. */
export async function readReturnable(tx: Prisma.TransactionClient, orderId: OrderId): Promise<ReturnableLine[]> {
  const lines = await tx.orderLine.findMany({
    where: { orderId },
    orderBy: { position: "asc" },
    include: { returnLines: { where: { return: { state: { not: "rejected" } } }, include: { return: true } } },
  });
  return lines.map((line) => {
    const gone = line.returnLines.map((part) =>
      part.return.state === "requested" ? part.quantity : part.receivedQuantity,
    );
    return {
      orderLineId: line.id as OrderLineId,
      title: line.title,
      pieces: line.quantity - gone.reduce((sum, quantity) => sum + quantity, 0),
    };
  });
}
