import type { Call } from "../call";
import { emitEvent } from "../webhooks/emit-event";

/** Notes whether the customer's latest automatic payment failed, which is an event of the customer where it changes. */
export function markDelinquent(call: Call, customerId: string | null, delinquent: boolean): void {
  const customer = call.store.customers.get(customerId ?? "");
  if (!customer || customer.deleted || customer.delinquent === delinquent) return;
  const object = { ...customer, delinquent };
  call.store.customers.put(customer.id, object);
  emitEvent(call, { type: "customer.updated", object, previous: { delinquent: customer.delinquent } });
}
