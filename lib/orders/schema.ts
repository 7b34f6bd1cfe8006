import { z } from "zod";
import { EmailInput } from "@/lib/accounts/schema";
import { DiscountCode } from "@/lib/discounts/schema";
import { idSchema, type SavedCardId, type ShippingRateId } from "@/lib/ids";
import { Currency, type Money, money, parseDecimal } from "@/lib/money/money";
import { filledLine, oneLine } from "@/lib/text-input";
import type { LinePieces } from "./plan-refund";
import type { RefundWish } from "./refund-order";

const line = (what: string, lengthMax?: number) => filledLine(`Enter ${what}.`, lengthMax);

/** Where the parcel goes. */
export const ShippingAddress = z.object({
  name: line("the name on the parcel"),
  line1: line("the street and number"),
  line2: z
    .string("Enter the rest of the address, or nothing.")
    .transform(oneLine)
    .pipe(z.string().max(120, "At most 120 characters, please."))
    .transform((value) => value || undefined)
    .optional(),
  city: line("the town"),
  postalCode: line("the postal code", 20),
  country: z
    .string("Choose a country.")
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/, "Choose a country: two letters, such as DE."),
});
export type ShippingAddress = z.output<typeof ShippingAddress>;

/** A way of shipping, and the total of the order that the page showed for it. */
export type ShippingChoice = { rateId: ShippingRateId; total: Money };

/** A choice as the value of one radio button, so that a form needs no script to send the total that belongs to it. */
export function writeShippingChoice({ rateId, total }: ShippingChoice): string {
  return `${rateId}.${total.amount}.${total.currency}`;
}

const choiceMessage = "Choose one of the ways of shipping.";

const ShippingChoice = z
  .string(choiceMessage)
  .regex(/^[a-z0-9_]{1,40}\.\d{1,15}\.[A-Z]{3}$/, choiceMessage)
  .transform((value) => value.split("."))
  .pipe(z.tuple([idSchema("shippingRate"), z.string().transform(Number), Currency], choiceMessage))
  .transform(([rateId, amount, currency]): ShippingChoice => ({ rateId, total: money(amount, currency) }));

/** What a form leaves empty is not there. */
const orNothing = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

/**
 * The checkout form, flat as forms are. Its prices come from the database; the total is in it only to be compared with
 * what the shopper saw.
 */
export const PlaceOrderInput = z
  .object({
    email: EmailInput,
    ...ShippingAddress.shape,
    shipping: orNothing(ShippingChoice),
    discountCode: orNothing(DiscountCode),
    payWith: orNothing(idSchema("savedCard")),
    keepCard: z.string("Tick whether the card is kept, or not.").optional(),
  })
  .transform(
    ({ email, shipping, discountCode, payWith, keepCard, ...shipTo }): PlaceOrderInput => ({
      email,
      shipTo,
      shipping,
      discountCode,
      savedCardId: payWith,
      ...(keepCard === undefined ? {} : { keepCard: true }),
    }),
  );
export type PlaceOrderInput = {
  email: string;
  shipTo: ShippingAddress;
  shipping?: ShippingChoice;
  discountCode?: string;
  /** Pays with this card of the shopper's; otherwise on Stripe's page. */
  savedCardId?: SavedCardId;
  /** The shopper wants the card kept that is typed on Stripe's page. */
  keepCard?: boolean;
};

const orderId = idSchema("order");

const tokenMessage = "The link is not complete. Use the one in the mail we sent you.";

/** What a guest shows to see or pay an order: the id and the secret of the link. */
export const OrderAccessInput = z.object({
  orderId,
  token: z.string(tokenMessage).regex(/^[\w-]{1,100}$/, tokenMessage),
});

/** A sentence that may be left out. */
const optionalText = z
  .string("Enter a sentence, or nothing.")
  .transform(oneLine)
  .pipe(z.string().max(500, "At most 500 characters, please."))
  .transform((value) => value || undefined)
  .optional();

export const CancelOrderInput = z.object({ orderId, reason: optionalText });

export const MarkShippedInput = z.object({ orderId });

const decision = { orderId, reviewId: idSchema("review") };

export const ApproveReviewInput = z.object(decision);

/** Approves, with another address in the same country. Flat as forms are. */
export const CorrectAddressInput = z
  .object({ ...decision, ...ShippingAddress.omit({ country: true }).shape })
  .transform(({ orderId, reviewId, ...correction }) => ({ orderId, reviewId, correction }));

export const RefuseReviewInput = z.object({ ...decision, reason: line("why it is not packed", 500) });

export const MarkDeliveredInput = z.object({ orderId });

const piecesMessage = "Enter whole numbers of pieces.";
const Pieces = z
  .string(piecesMessage)
  .trim()
  .regex(/^\d{0,4}$/, piecesMessage)
  .transform(Number);
const LineId = idSchema("orderLine");

/** A form's fields that stand for lines, such as `pieces.line_…`: how many pieces of each. Other names are left alone. */
function piecesOf(fields: Record<string, unknown>, name: string, context: z.RefinementCtx): LinePieces[] {
  return Object.entries(fields).flatMap(([field, value]) => {
    if (!field.startsWith(`${name}.`)) return [];
    const orderLineId = LineId.safeParse(field.slice(name.length + 1));
    const quantity = Pieces.safeParse(value);
    if (orderLineId.success && quantity.success) return [{ orderLineId: orderLineId.data, quantity: quantity.data }];
    context.addIssue({ code: "custom", message: piecesMessage, path: [field] });
    return [];
  });
}

const RefundReasonInput = z.enum(["requested_by_customer", "duplicate", "fraudulent", "other"], "Choose a reason.");

const amountMessage = "Enter an amount such as 12.50.";

/** The refund form: `kind` says which of its parts counts. */
export const RefundOrderInput = z
  .looseObject({
    orderId,
    kind: z.enum(["rest", "amount", "pieces"], "Choose what to refund."),
    currency: Currency,
    amount: z.string(amountMessage).optional(),
    withShipping: z.string("Tick whether the shipping is refunded, or not.").optional(),
    reason: RefundReasonInput,
    note: optionalText,
  })
  .transform((fields, context) => {
    const { orderId, kind, reason, note } = fields;
    const wish = (): RefundWish => {
      switch (kind) {
        case "rest":
          return { kind };
        case "amount": {
          const amount = parseDecimal(fields.amount ?? "", fields.currency);
          if (!amount) context.addIssue({ code: "custom", message: amountMessage, path: ["amount"] });
          return { kind, amount: amount ?? money(0, fields.currency) };
        }
        case "pieces":
          return { kind, pieces: piecesOf(fields, "pieces", context), withShipping: fields.withShipping !== undefined };
      }
    };
    return { orderId, wish: wish(), reason, note };
  });

export const RequestReturnInput = z
  .looseObject({ orderId, reason: line("why it comes back", 500) })
  .transform((fields, context) => ({
    orderId: fields.orderId,
    reason: fields.reason,
    lines: piecesOf(fields, "pieces", context),
  }));

/** `orderId` is for the page that is drawn again. */
const returnFields = { orderId, returnId: idSchema("return") };

/** What arrived of each line, and how much of it can be sold again. */
export const ReceiveReturnInput = z.looseObject(returnFields).transform((fields, context) => {
  const restocked = new Map(
    piecesOf(fields, "restocked", context).map(({ orderLineId, quantity }) => [orderLineId, quantity]),
  );
  const lines = piecesOf(fields, "received", context).map(({ orderLineId, quantity }) => ({
    orderLineId,
    received: quantity,
    restocked: restocked.get(orderLineId) ?? 0,
  }));
  return { orderId: fields.orderId, returnId: fields.returnId, lines };
});

export const RejectReturnInput = z.object({ ...returnFields, reason: optionalText });

/** Orders that are chosen in a list or on a page: a field for each, named `order.ord_…`. Other names are left alone. */
export const BatchTriggerOrdersInput = z.looseObject({}).transform((fields, context) => {
  const ids = Object.keys(fields).flatMap((name) =>
    name.startsWith("order.") ? (idSchema("order").safeParse(name.slice("order.".length)).data ?? []) : [],
  );
  if (ids.length === 0) context.addIssue({ code: "custom", message: "Choose at least one order." });
  if (ids.length > 500) context.addIssue({ code: "custom", message: "Choose at most 500 orders at a time." });
  return { orderIds: ids };
});
