import { randomBytes } from "node:crypto";
import { z } from "zod";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's base 32: nothing to mistake for something else

const prefixes = {
  product: "prod",
  option: "opt",
  variant: "var",
  image: "img",
  movement: "mov",
  reservation: "res",
  cart: "cart",
  discount: "disc",
  shippingZone: "zone",
  shippingRate: "rate",
  taxRate: "tax",
  order: "ord",
  orderLine: "line",
  orderEvent: "oev",
  payment: "pay",
  refund: "rfd",
  dispute: "dsp",
  return: "ret",
  shipment: "shp",
  review: "rev",
  subscription: "sub",
  subscriptionInvoice: "sinv",
  outbox: "out",
  mail: "mail",
  finding: "fnd",
  import: "imp",
  importReject: "rej",
  report: "rep",
  user: "user",
  audit: "aud",
} as const;

type IdKind = keyof typeof prefixes;

/** An id of one kind: ten base-32 characters of time, so that ids sort by age, then sixteen random ones. */
export type Id<Kind extends IdKind> = string & { readonly __kind: Kind };

export type OrderId = Id<"order">;
export type PaymentId = Id<"payment">;
export type ReviewId = Id<"review">;
export type RefundId = Id<"refund">;
export type DisputeId = Id<"dispute">;
export type ReturnId = Id<"return">;
export type OrderLineId = Id<"orderLine">;
export type ProductId = Id<"product">;
export type VariantId = Id<"variant">;
export type CartId = Id<"cart">;
export type ShippingRateId = Id<"shippingRate">;
export type ImportId = Id<"import">;
export type ReportId = Id<"report">;
export type FindingId = Id<"finding">;

/** A fresh id, such as `ord_01k…`. Unique without asking anyone. */
export function newId<Kind extends IdKind>(kind: Kind): Id<Kind> {
  let time = Date.now();
  let head = "";
  for (let i = 0; i < 10; i++) {
    head = alphabet.charAt(time % 32) + head;
    time = Math.floor(time / 32);
  }
  let tail = "";
  for (const byte of randomBytes(16)) tail += alphabet.charAt(byte & 31);
  return `${prefixes[kind]}_${head}${tail}` as Id<Kind>;
}

/** The zod schema of an id of one kind: refuses anything of another shape at the edge. */
export function idSchema<Kind extends IdKind>(kind: Kind): z.ZodType<Id<Kind>, string> {
  const shape = new RegExp(`^${prefixes[kind]}_[${alphabet}]{26}$`);
  // A plain string schema underneath, so that it can be shown as JSON schema; the shape is what makes it an Id.
  return z.string().regex(shape, `Not an id of a ${kind}.`) as unknown as z.ZodType<Id<Kind>, string>;
}

/** A secret to hand out in a link: 160 random bits. */
export function newSecretToken(): string {
  return randomBytes(20).toString("base64url");
}
