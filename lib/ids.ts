import { randomBytes, randomFillSync } from "node:crypto";
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
  pastOrder: "past",
  report: "rep",
  user: "user",
  savedCard: "card",
  passwordReset: "pwr",
  audit: "aud",
} as const;

type IdKind = keyof typeof prefixes;

/** An id of one kind: ten base-32 characters of time, so that ids sort by age, then sixteen random ones. */
export type Id<Kind extends IdKind> = string & { readonly __kind: Kind };

export type UserId = Id<"user">;
export type SavedCardId = Id<"savedCard">;
export type PasswordResetId = Id<"passwordReset">;
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
export type PastOrderId = Id<"pastOrder">;
export type ReportId = Id<"report">;
export type FindingId = Id<"finding">;

/** Random bytes are asked for by the thousand: an import needs millions of ids. */
const randomPool = Buffer.alloc(16 * 256);
let randomUsed = randomPool.length;

let headOf = 0;
let head = "";

/** A fresh id, such as `ord_01k…`. Unique without asking anyone. */
export function newId<Kind extends IdKind>(kind: Kind): Id<Kind> {
  if (randomUsed === randomPool.length) {
    randomFillSync(randomPool);
    randomUsed = 0;
  }
  let tail = "";
  for (const end = randomUsed + 16; randomUsed < end; randomUsed++)
    tail += alphabet.charAt((randomPool[randomUsed] as number) & 31);
  return `${prefixes[kind]}_${timeHead(Date.now())}${tail}` as Id<Kind>;
}

function timeHead(now: number): string {
  if (now === headOf) return head;
  headOf = now;
  head = "";
  for (let time = now, n = 0; n < 10; n++, time = Math.floor(time / 32)) head = alphabet.charAt(time % 32) + head;
  return head;
}

/** The zod schema of an id of one kind: refuses anything of another shape at the edge. */
export function idSchema<Kind extends IdKind>(kind: Kind): z.ZodType<Id<Kind>, string> {
  const shape = new RegExp(`^${prefixes[kind]}_[${alphabet}]{26}$`);
  const message = `Not an id of a ${kind}.`;
  // A plain string schema underneath, so that it can be shown as JSON schema; the shape is what makes it an Id.
  return z.string(message).regex(shape, message) as unknown as z.ZodType<Id<Kind>, string>;
}

/** A secret to hand out in a link: 160 random bits. */
export function newSecretToken(): string {
  return randomBytes(20).toString("base64url");
}
