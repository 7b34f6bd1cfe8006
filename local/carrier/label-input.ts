import { z } from "zod";
import { CarrierError } from "./wire";

const line = (max: number) => z.string().trim().min(1).max(max);

/** What a label is bought for. Unknown fields are refused: a field that is dropped in silence is a parcel gone astray. */
const Parcel = z.strictObject({
  to: z.strictObject({
    name: line(120),
    line1: line(120),
    line2: line(120).optional(),
    city: line(120),
    postalCode: line(20),
    country: z.string().regex(/^[A-Z]{2}$/),
  }),
  /** 0 where the sender does not know it. */
  weightGrams: z.int().min(0).max(31_500),
  /** What is in it, for the label's foot. */
  contents: z.array(z.strictObject({ sku: z.string().max(120).nullable(), quantity: z.int().min(1) })).max(1_000),
});
export type Parcel = z.infer<typeof Parcel>;

/** Reads what was sent, and refuses addresses that no van can find: README.md lists them. */
export function readParcel(body: unknown): Parcel {
  const parsed = Parcel.safeParse(body);
  if (!parsed.success) throw new CarrierError("invalid_request", z.prettifyError(parsed.error));
  const { to } = parsed.data;
  if (/no such street/i.test(to.line1)) throw invalidAddress(`there is no street "${to.line1}" in ${to.city}`);
  if (/^0+$/.test(to.postalCode)) throw invalidAddress(`"${to.postalCode}" is not a postal code of ${to.country}`);
  return parsed.data;
}

function invalidAddress(why: string): CarrierError {
  return new CarrierError("invalid_address", `We cannot deliver to this address: ${why}.`);
}
