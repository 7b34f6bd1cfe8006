import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import type { Call } from "../call";
import { isCardNumber, testCards } from "../cards";
import { fullAddress } from "../full-address";
import { idOf } from "../ids";
import { listPage, noParams, pageParams } from "../list";
import { mergeMetadata } from "../metadata";
import { address, integer, metadata, oneOf, type ShapeOf, text } from "../params";
import { createCardPaymentMethod } from "../payments/card-payment-method";
import { getPaymentMethod } from "../payments/find-payment-method";
import { attachMethod } from "../payments/keep-payment-method";
import { emitEvent } from "../webhooks/emit-event";
import { ApiError, invalidRequest, noSuch } from "../wire";
import { requireCustomer } from "./lookups";

const CreateParams = z.strictObject({
  billing_details: z
    .strictObject({
      address: address().optional(),
      email: text().optional(),
      name: text().optional(),
      phone: text().optional(),
    })
    .optional(),
  card: z.union([
    z.strictObject({ token: text() }),
    z.strictObject({
      cvc: text(4).optional(),
      exp_month: integer({ min: 1, max: 12 }),
      exp_year: integer({ min: 2000, max: 2100 }),
      number: text(),
    }),
  ]),
  metadata: metadata().optional(),
  type: oneOf(["card"]),
} satisfies ShapeOf<Stripe.PaymentMethodCreateParams>);

const UpdateParams = z.strictObject({
  metadata: metadata().optional(),
} satisfies ShapeOf<Stripe.PaymentMethodUpdateParams>);

const AttachParams = z.strictObject({ customer: text() } satisfies ShapeOf<Stripe.PaymentMethodAttachParams>);

const ListParams = z.strictObject({
  ...pageParams,
  customer: text().optional(),
  type: oneOf(["card"]).optional(),
} satisfies ShapeOf<Stripe.PaymentMethodListParams>);

export const paymentMethodRoutes: Route[] = [
  route({
    method: "POST",
    path: "/v1/payment_methods",
    params: CreateParams,
    handle(call, { params }) {
      const { billing_details: billing, metadata: given } = params;
      return createCardPaymentMethod(call, {
        ...cardOf(call, params.card),
        ...(billing
          ? { billingDetails: { ...billing, address: billing.address ? fullAddress(billing.address) : null } }
          : {}),
        metadata: mergeMetadata(null, given),
      });
    },
  }),
  route({
    method: "GET",
    path: "/v1/payment_methods",
    params: ListParams,
    handle: (call, { params }) => listPage("/v1/payment_methods", attachedTo(call, params.customer), params),
  }),
  route({
    method: "GET",
    path: "/v1/customers/:id/payment_methods",
    params: z.strictObject({ ...pageParams, type: oneOf(["card"]).optional() }),
    handle: (call, { id, params }) =>
      listPage(`/v1/customers/${id}/payment_methods`, attachedTo(call, requireCustomer(call, id).id), params),
  }),
  route({
    method: "GET",
    path: "/v1/payment_methods/:id",
    params: noParams,
    handle: (call, { id }) => getStored(call, id),
  }),
  route({
    method: "POST",
    path: "/v1/payment_methods/:id",
    params: UpdateParams,
    handle(call, { id, params }) {
      const method = getStored(call, id);
      if (method.customer === null) {
        throw invalidRequest("You must save this PaymentMethod to a customer before you can update it.");
      }
      const updated: Stripe.PaymentMethod = { ...method, metadata: mergeMetadata(method.metadata, params.metadata) };
      call.store.paymentMethods.put(id, updated);
      emitEvent(call, { type: "payment_method.updated", object: updated, previous: { metadata: method.metadata } });
      return updated;
    },
  }),
  route({
    method: "POST",
    path: "/v1/payment_methods/:id/attach",
    params: AttachParams,
    handle(call, { id, params }) {
      const method = getPaymentMethod(call, id);
      return attachMethod(call, method, requireCustomer(call, params.customer).id);
    },
  }),
  route({
    method: "POST",
    path: "/v1/payment_methods/:id/detach",
    params: noParams,
    handle(call, { id }) {
      const method = getStored(call, id);
      if (method.customer === null) {
        throw invalidRequest(
          "The payment method you provided is not attached to a customer so detachment is impossible.",
        );
      }
      const detached: Stripe.PaymentMethod = { ...method, customer: null };
      call.store.paymentMethods.put(id, detached);
      call.store.spentMethods.put(id, true);
      emitEvent(call, { type: "payment_method.detached", object: detached, previous: { customer: method.customer } });
      return detached;
    },
  }),
];

function getStored(call: Call, id: string): Stripe.PaymentMethod {
  const method = call.store.paymentMethods.get(id);
  if (!method) throw noSuch("PaymentMethod", id, { param: "payment_method" });
  return method;
}

/** Without a customer Stripe lists the methods attached to any. */
function attachedTo(call: Call, customer: string | undefined): Stripe.PaymentMethod[] {
  return call.store.paymentMethods
    .values()
    .filter((method) => (customer === undefined ? method.customer !== null : idOf(method.customer) === customer));
}

function cardOf(call: Call, card: z.infer<typeof CreateParams>["card"]) {
  if ("token" in card) {
    const known = testCards.find(({ tokens }) => tokens.includes(card.token));
    if (!known) throw noSuch("token", card.token, { param: "card[token]", status: 400 });
    return { number: known.number, expMonth: 8, expYear: new Date(call.now * 1000).getUTCFullYear() + 1 };
  }
  const number = card.number.replaceAll(" ", "");
  if (!isCardNumber(number)) throw badCard("incorrect_number", "Your card number is incorrect.", "number");
  if (Date.UTC(card.exp_year, card.exp_month, 1) <= call.now * 1000) {
    throw badCard("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year");
  }
  return { number, expMonth: card.exp_month, expYear: card.exp_year };
}

function badCard(code: string, message: string, param: string): ApiError {
  return new ApiError(402, { type: "card_error", code, message, param });
}
