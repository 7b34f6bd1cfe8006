import { intentOf } from "./billing/invoice-states";
import { idOf } from "./ids";
import type { Store } from "./store";
import { invalidRequest } from "./wire";

type Json = { [name: string]: unknown };

/** Stripe expands four levels deep (https://docs.stripe.com/api/expanding_objects). */
const deepest = 4;

/**
 * Replaces ids by the objects behind them, along paths like `payment_intent.latest_charge` or `data.customer`.
 * The stored objects are not touched.
 */
export function expandAnswer(store: Store, answer: object, paths: string[]): object {
  let result = answer as Json;
  for (const path of paths) {
    const names = path.split(".");
    if (names.length > deepest) {
      throw invalidRequest(`You cannot expand more than ${deepest} levels of a property. Property: ${path}.`, {
        param: "expand",
      });
    }
    result = expandAlong(store, result, names, path);
  }
  return result;
}

function expandAlong(store: Store, object: Json, names: string[], path: string): Json {
  const [name, ...rest] = names;
  if (name === undefined) return object;
  const included = includable(store, object, name);
  if (included === undefined && !(name in object)) throw cannotExpand(path);
  const value = included ?? object[name];
  if (Array.isArray(value)) {
    return {
      ...object,
      [name]: value.map((item) =>
        isObject(item) ? expandAlong(store, item, rest, path) : expandId(store, item, rest, path),
      ),
    };
  }
  if (isObject(value)) return { ...object, [name]: expandAlong(store, value, rest, path) };
  if (value === null) return object;
  return { ...object, [name]: expandId(store, value, rest, path) };
}

function expandId(store: Store, value: unknown, rest: string[], path: string): Json {
  const found = typeof value === "string" ? findById(store, value) : undefined;
  if (!found) throw cannotExpand(path);
  return expandAlong(store, found, rest, path);
}

/** Fields that answers leave out unless they are asked for. */
function includable(store: Store, object: Json, name: string): Json | undefined {
  if (object.object === "checkout.session" && name === "line_items") {
    const lines = store.sessionPlans.get(String(object.id))?.lineItems ?? [];
    return { object: "list", data: lines, has_more: false, url: `/v1/checkout/sessions/${object.id}/line_items` };
  }
  if (object.object === "invoice" && name === "payments" && !(name in object)) {
    const payments = store.invoicePayments.values().filter(({ invoice }) => idOf(invoice) === object.id);
    return { object: "list", data: payments, has_more: false, url: `/v1/invoices/${object.id}/payments` };
  }
  if (object.object === "invoice" && name === "confirmation_secret" && !(name in object)) {
    const secret = intentOf(store, String(object.id))?.client_secret;
    return secret ? { client_secret: secret, type: "payment_intent" } : undefined;
  }
  if (object.object === "charge" && name === "refunds") {
    const refunds = store.refunds.values().filter((refund) => refund.charge === object.id);
    return { object: "list", data: refunds.reverse(), has_more: false, url: `/v1/charges/${object.id}/refunds` };
  }
  return undefined;
}

function findById(store: Store, id: string): Json | undefined {
  const collections = {
    ch: store.charges,
    cs: store.sessions,
    cus: store.customers,
    du: store.disputes,
    ii: store.invoiceItems,
    in: store.invoices,
    inpay: store.invoicePayments,
    pi: store.paymentIntents,
    pm: store.paymentMethods,
    price: store.prices,
    prod: store.products,
    re: store.refunds,
    seti: store.setupIntents,
    shr: store.shippingRates,
    sub: store.subscriptions,
    txn: store.balanceTransactions,
  };
  const prefix = id.slice(0, id.indexOf("_"));
  if (!Object.hasOwn(collections, prefix)) return undefined;
  return collections[prefix as keyof typeof collections].get(id) as Json | undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}

function cannotExpand(path: string) {
  return invalidRequest(
    `This property cannot be expanded (${path}). You may want to try expanding a related property instead.`,
    { param: "expand" },
  );
}
