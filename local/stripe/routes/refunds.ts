import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import type { Call } from "../call";
import { idOf } from "../ids";
import { createdParam, inRange, listPage, noParams, pageParams } from "../list";
import { mergeMetadata } from "../metadata";
import { integer, metadata, oneOf, type ShapeOf, text } from "../params";
import { tellUpdated } from "../payments/async-refunds";
import { refundCharge } from "../payments/refund-charge";
import { invalidRequest, noSuch } from "../wire";

const CreateParams = z.strictObject({
  amount: integer({ min: 1 }).optional(),
  charge: text().optional(),
  metadata: metadata().optional(),
  payment_intent: text().optional(),
  reason: oneOf(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
} satisfies ShapeOf<Stripe.RefundCreateParams>);

const UpdateParams = z.strictObject({ metadata: metadata().optional() } satisfies ShapeOf<Stripe.RefundUpdateParams>);

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  charge: text().optional(),
  payment_intent: text().optional(),
} satisfies ShapeOf<Stripe.RefundListParams>);

export const refundRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/refunds",
    params: CreateParams,
    handle: (call, { params }) =>
      refundCharge(call, chargeOf(call, params), {
        amount: params.amount,
        metadata: mergeMetadata(null, params.metadata),
        reason: params.reason ?? null,
      }),
  }),
  route({
    method: "GET",
    path: "/v1/refunds",
    params: ListParams,
    handle(call, { params }) {
      const found = call.store.refunds
        .values()
        .filter((refund) => inRange(refund.created, params.created))
        .filter((refund) => params.charge === undefined || refund.charge === params.charge)
        .filter((refund) => params.payment_intent === undefined || refund.payment_intent === params.payment_intent);
      return listPage("/v1/refunds", found, params);
    },
  }),
  route({
    method: "GET",
    path: "/v1/refunds/:id",
    params: noParams,
    handle: (call, { id }) => getRefund(call, id),
  }),
  route({
    method: "POST",
    path: "/v1/refunds/:id",
    params: UpdateParams,
    handle(call, { id, params }) {
      const refund = getRefund(call, id);
      const updated: Stripe.Refund = { ...refund, metadata: mergeMetadata(refund.metadata, params.metadata) };
      call.store.refunds.put(id, updated);
      tellUpdated(call, updated, { metadata: refund.metadata });
      return updated;
    },
  }),
];

function getRefund(call: Call, id: string): Stripe.Refund {
  const refund = call.store.refunds.get(id);
  if (!refund) throw noSuch("refund", id);
  return refund;
}

/** The charge to give back: named itself, or the one its PaymentIntent ended with. */
function chargeOf(call: Call, params: { charge?: string; payment_intent?: string }): Stripe.Charge {
  if (params.charge !== undefined && params.payment_intent !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: charge, payment_intent.");
  }
  if (params.charge !== undefined) {
    const charge = call.store.charges.get(params.charge);
    if (!charge) throw noSuch("charge", params.charge, { param: "charge", status: 400 });
    if (!charge.captured && charge.status === "succeeded") {
      throw invalidRequest(`Charge ${charge.id} is not captured. Cancel its PaymentIntent instead.`, {
        param: "charge",
      });
    }
    return charge;
  }
  if (params.payment_intent === undefined) {
    throw invalidRequest("One of the following params should be provided for this request: payment_intent or charge.");
  }
  const intent = call.store.paymentIntents.get(params.payment_intent);
  if (!intent) throw noSuch("payment_intent", params.payment_intent, { param: "payment_intent", status: 400 });
  const charge = call.store.charges.get(idOf(intent.latest_charge) ?? "");
  if (!charge?.captured) {
    throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
      param: "payment_intent",
    });
  }
  return charge;
}
