import { DomainError, TemporaryError } from "@/lib/errors";
import { format, type Money } from "@/lib/money/money";
import type { OrderAction } from "./order-status";

export class EmptyCartError extends DomainError {
  constructor() {
    super({
      code: "empty-cart",
      kind: "conflict",
      publicMessage: "Your cart is empty, so there is nothing to order. Put something into it first.",
    });
  }
}

export class NotOnSaleError extends DomainError {
  constructor(title: string) {
    super({
      code: "not-on-sale",
      kind: "conflict",
      publicMessage: `${title} is not on sale any more. Remove it from your cart to go on.`,
    });
  }
}

/** Stripe's page takes a hundred lines, and one of them is the shipping. */
export class TooManyLinesError extends DomainError {
  constructor({ count, countMax }: { count: number; countMax: number }) {
    super({
      code: "too-many-lines",
      kind: "conflict",
      publicMessage: `An order can have at most ${countMax} different items, and your cart has ${count}. Order some of them separately.`,
    });
  }
}

/** The total is too small or too large for a charge by card. */
export class AmountNotPayableError extends DomainError {
  constructor(total: Money) {
    super({
      code: "amount-not-payable",
      kind: "conflict",
      publicMessage: `An order of ${format(total)} cannot be paid by card here. Change the quantities or the discount in your cart.`,
    });
  }
}

const regions = new Intl.DisplayNames("en", { type: "region" });
const withArticle = ["AE", "BS", "DO", "GB", "GM", "MV", "NL", "PH", "US"];

/** "Germany", "the United Kingdom". */
function inASentence(country: string): string | undefined {
  return withArticle.includes(country) ? `the ${regions.of(country)}` : regions.of(country);
}

/** No shipping zone has this country, or its zone has no way of shipping. */
export class CountryNotServedError extends DomainError {
  constructor(country: string) {
    super({
      code: "country-not-served",
      kind: "conflict",
      publicMessage: `We do not ship to ${inASentence(country)}. Choose another country.`,
    });
  }
}

/** There are several ways to ship to the country, at different prices. */
export class ShippingNotChosenError extends DomainError {
  constructor(country: string) {
    super({
      code: "shipping-not-chosen",
      kind: "invalid",
      publicMessage: `Choose how we ship your order to ${inASentence(country)}.`,
    });
  }
}

/** The chosen way of shipping is another country's, or has been given up. */
export class ShippingNotOfferedError extends DomainError {
  constructor(country: string) {
    super({
      code: "shipping-not-offered",
      kind: "conflict",
      publicMessage: `This way of shipping is not offered to ${inASentence(country)}. Choose another one.`,
    });
  }
}

/** The order costs something else than the page said. */
export class TotalChangedError extends DomainError {
  constructor({ shown, total }: { shown: Money; total: Money }) {
    super({
      code: "total-changed",
      kind: "conflict",
      publicMessage: `Your order costs ${format(total)} now, and not ${format(shown)}. Nothing was ordered. Look at it again before you go on.`,
    });
  }
}

/**
 * The order's price would change while it can be paid at Stripe. Nothing was changed: close the page, then ask again.
 * Who does that and finds another page open has a shopper with two tabs.
 */
export class PageOpenError extends DomainError {
  readonly sessionId: string;

  constructor(sessionId: string) {
    super({
      code: "page-open",
      kind: "conflict",
      publicMessage: "Your order was being changed somewhere else at the same time. Try again.",
    });
    this.sessionId = sessionId;
  }
}

/** No such order for this asker: unknown, or the link's secret is wrong. */
export class OrderNotFoundError extends DomainError {
  constructor() {
    super({
      code: "order-not-found",
      kind: "not-found",
      publicMessage: "We have no such order. Check that the link is complete: it is in the mail we sent you.",
    });
  }
}

export class OrderNotPaidError extends DomainError {
  constructor() {
    super({
      code: "order-not-paid",
      kind: "conflict",
      publicMessage: "This order has not been paid yet, so there is nothing to work on.",
    });
  }
}

const names: Partial<Record<OrderAction, string>> = {
  cancel: "cancelled",
  cancelPaid: "cancelled",
  cancelOwn: "cancelled",
  ship: "marked as shipped",
  deliver: "marked as delivered",
  return: "returned",
  refund: "refunded",
};

/** The order has moved on (or not far enough) for this action. */
export class OrderActionRefusedError extends DomainError {
  constructor(action: OrderAction, status: string, why?: string) {
    super({
      code: "order-action-refused",
      kind: "conflict",
      publicMessage: `The order cannot be ${names[action] ?? action} now: ${why ?? `it is ${status}`}.`,
    });
  }
}

/** What Stripe holds is not what the order costs. A person has to look; nothing is charged. */
export class PaymentMismatchError extends DomainError {
  constructor(options: { expected: Money; found: Money }) {
    super({
      code: "payment-mismatch",
      kind: "conflict",
      publicMessage: "The payment does not fit this order. We will look into it and write to you.",
      message: `Expected ${format(options.expected)}, found ${format(options.found)} at Stripe`,
    });
  }
}

/** Money cannot be given back as it was asked for; the sentence says why. */
export class RefundRefusedError extends DomainError {
  constructor(publicMessage: string) {
    super({ code: "refund-refused", kind: "conflict", publicMessage });
  }
}

/** A refund made at Stripe is more than is left beside what is promised here. It fits once Stripe has refused the promise. */
export class RefundDoesNotFitError extends TemporaryError {
  constructor({ stripeRefundId, orderId }: { stripeRefundId: string; orderId: string }) {
    super({
      vendor: "stripe",
      message: `${stripeRefundId} does not fit beside what ${orderId} has promised; that is settled first`,
    });
  }
}

export class RefundNotFoundError extends DomainError {
  constructor(refundId: string) {
    super({
      code: "refund-not-found",
      kind: "not-found",
      publicMessage: "There is no such refund.",
      message: `No refund ${refundId}`,
    });
  }
}

/** Goods cannot come back as it was said; the sentence says why. */
export class ReturnRefusedError extends DomainError {
  constructor(publicMessage: string) {
    super({ code: "return-refused", kind: "conflict", publicMessage });
  }
}

export class ReturnNotFoundError extends DomainError {
  constructor() {
    super({ code: "return-not-found", kind: "not-found", publicMessage: "There is no such return." });
  }
}

/** Stripe cannot be reached just now, or refuses to make the page. The order and its stock stay as they are. */
export class PaymentUnavailableError extends DomainError {
  constructor(cause: unknown) {
    super({
      code: "payment-unavailable",
      kind: "conflict",
      publicMessage:
        "The payment page cannot be reached just now. Your order is kept and you have not been charged. Please try again in a minute.",
      cause,
    });
  }
}

/** Stripe could not be asked to give a payment back, so the order was not cancelled. */
export class CancelUnavailableError extends DomainError {
  constructor(cause: unknown) {
    super({
      code: "cancel-unavailable",
      kind: "conflict",
      publicMessage: "Stripe cannot be reached just now, so the order was not cancelled. Try again in a minute.",
      cause,
    });
  }
}

/** Somebody else has decided, or there is nothing to decide any more. */
export class ReviewDecidedError extends DomainError {
  constructor() {
    super({
      code: "review-decided",
      kind: "conflict",
      publicMessage: "This was decided meanwhile, or the order has moved on. Load the page again to see how it stands.",
    });
  }
}
