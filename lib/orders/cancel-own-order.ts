import { transaction } from "@/lib/db/transaction";
import type { OrderId } from "@/lib/ids";
import { cancelPaid } from "./cancel-paid";
import { OrderActionRefusedError, OrderNotFoundError } from "./errors";

/**
 * The shopper, who shows the secret of the order's link, cancels a paid order that nobody has begun to pack. It is
 * refunded in full.
 *
 * @throws OrderNotFoundError (a wrong secret too), OrderActionRefusedError, RefundRefusedError
 */
export async function cancelOwnOrder(asked: { orderId: OrderId; accessToken: string; now: Date }): Promise<void> {
  const { orderId, accessToken, now } = asked;
  await transaction(async (tx) => {
    const order = await tx.order.findFirst({ where: { id: orderId, accessToken } });
    if (!order) throw new OrderNotFoundError();
    const cancelled = await cancelPaid(tx, {
      orderId,
      action: "cancelOwn",
      reason: "You cancelled the order.",
      actor: { kind: "shopper" },
      now,
    });
    if (cancelled) return;
    const { status } = await tx.order.findUniqueOrThrow({ where: { id: orderId } });
    throw new OrderActionRefusedError(
      "cancelOwn",
      status,
      status === "fulfilling" ? "it is packed already" : undefined,
    );
  });
}
