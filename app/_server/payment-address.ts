import type { OrderId } from "@/lib/ids";
import { PaymentUnavailableError } from "@/lib/orders/errors";
import { startPayment } from "@/lib/orders/start-payment";
import { routes } from "@/lib/routes";

/**
 * Where a shopper who wants to pay goes: Stripe's page, or the order's own page, which says why there is nothing to pay
 * or that paying has to wait. @throws OrderNotFoundError
 */
export async function paymentAddress(order: { orderId: OrderId; accessToken: string }): Promise<string> {
  try {
    const start = await startPayment({ ...order, now: new Date() });
    return start.kind === "pay" ? start.url : routes.order(order.orderId, order.accessToken);
  } catch (error) {
    if (error instanceof PaymentUnavailableError)
      return routes.orderPaymentUnavailable(order.orderId, order.accessToken);
    throw error;
  }
}
