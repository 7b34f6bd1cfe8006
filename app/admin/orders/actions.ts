"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/app/_server/action";
import { cancelOrder } from "@/lib/orders/cancel-order";
import { approveReview, refuseReview } from "@/lib/orders/decide-review";
import { markShipped } from "@/lib/orders/mark-shipped";
import {
  ApproveReviewInput,
  CancelOrderInput,
  CorrectAddressInput,
  MarkShippedInput,
  RefuseReviewInput,
} from "@/lib/orders/schema";
import { routes } from "@/lib/routes";

export const markShippedAction = action(MarkShippedInput, async (input, { actor }) => {
  await markShipped({ actor, ...input, now: new Date() });
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
