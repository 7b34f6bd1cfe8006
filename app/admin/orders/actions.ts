"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/app/_server/action";
import { batchTriggerOrders } from "@/lib/orders/batch-trigger-orders";
import { cancelOrder } from "@/lib/orders/cancel-order";
import { approveReview, refuseReview } from "@/lib/orders/decide-review";
import { markDelivered } from "@/lib/orders/mark-delivered";
import { markShipped } from "@/lib/orders/mark-shipped";
import { refundOrder } from "@/lib/orders/refund-order";
import { requestReturn } from "@/lib/orders/request-return";
import {
  ApproveReviewInput,
  BatchTriggerOrdersInput,
  CancelOrderInput,
  CorrectAddressInput,
  MarkDeliveredInput,
  MarkShippedInput,
  ReceiveReturnInput,
  RefundOrderInput,
  RefuseReviewInput,
  RejectReturnInput,
  RequestReturnInput,
} from "@/lib/orders/schema";
import { receiveReturn, rejectReturn } from "@/lib/orders/settle-return";
import { routes } from "@/lib/routes";

export const markShippedAction = action(MarkShippedInput, async (input, { actor }) => {
  await markShipped({ actor, ...input, now: new Date() });
  revalidatePath(routes.adminOrder(input.orderId));
});

export const markDeliveredAction = action(MarkDeliveredInput, async (input, { actor }) => {
  await markDelivered({ actor, ...input, now: new Date() });
  revalidatePath(routes.adminOrder(input.orderId));
});

export const cancelOrderAction = action(CancelOrderInput, async (input, { actor }) => {
  await cancelOrder({ actor, ...input, now: new Date() });
  revalidatePath(routes.adminOrder(input.orderId));
});

export const approveReviewAction = action(ApproveReviewInput, async (input, { actor }) => {
  await approveReview({ actor, ...input, now: new Date() });
  revalidatePath(routes.adminOrder(input.orderId));
});

export const correctAddressAction = action(CorrectAddressInput, async (input, { actor }) => {
  await approveReview({ actor, ...input, now: new Date() });
  revalidatePath(routes.adminOrder(input.orderId));
});

export const refuseReviewAction = action(RefuseReviewInput, async (input, { actor }) => {
  await refuseReview({ actor, ...input, now: new Date() });
  revalidatePath(routes.adminOrder(input.orderId));
});

export const refundOrderAction = action(RefundOrderInput, async (input, { actor }) => {
  await refundOrder({ actor, ...input, now: new Date() });
  revalidatePath(routes.adminOrder(input.orderId));
});

export const requestReturnAction = action(RequestReturnInput, async (input, { actor }) => {
  await requestReturn({ actor, ...input, now: new Date() });
  revalidatePath(routes.adminOrder(input.orderId));
});

export const receiveReturnAction = action(ReceiveReturnInput, async ({ orderId, ...input }, { actor }) => {
  await receiveReturn({ actor, ...input, now: new Date() });
  revalidatePath(routes.adminOrder(orderId));
});

export const rejectReturnAction = action(RejectReturnInput, async ({ orderId, ...input }, { actor }) => {
  await rejectReturn({ actor, ...input, now: new Date() });
  revalidatePath(routes.adminOrder(orderId));
});

export const batchTriggerOrdersAction = action(BatchTriggerOrdersInput, async ({ orderIds }, { actor }) => {
  const triggered = await batchTriggerOrders({ actor, orderIds, now: new Date() });
  revalidatePath(routes.adminOrders(), "layout");
  return triggered;
});
