import type Stripe from "stripe";
import type { Call } from "../call";
import { idOf } from "../ids";
import { getPaymentMethod } from "../payments/find-payment-method";
import { invalidRequest } from "../wire";

/** @throws ApiError `resource_missing` unless the method is attached to the customer */
export function requireOwnMethod(call: Call, customerId: string, id: string, param: string): Stripe.PaymentMethod {
  const method = getPaymentMethod(call, id);
  if (idOf(method.customer) !== customerId) {
    throw invalidRequest(
      `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
      { code: "resource_missing", param },
    );
  }
  return method;
}
