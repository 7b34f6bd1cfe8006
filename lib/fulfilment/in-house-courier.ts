import { createHash } from "node:crypto";
import type { Carrier } from "./carrier";

const digits = 12;

/**
 * The store's own courier: numbers its parcels from the shipment's id, so the same shipment always has the same number
 * (`SF`, twelve digits, and a check digit as on credit cards, so that a slip of the pen is noticed).
 */
export const inHouseCourier: Carrier = {
  name: "Shopfloor courier",
  createLabel: async ({ shipmentId }) => {
    const hash = createHash("sha256").update(shipmentId).digest().readBigUInt64BE();
    const body = (hash % 10n ** BigInt(digits)).toString().padStart(digits, "0");
    return { trackingNumber: `SF${body}${checkDigit(body)}` };
  },
};

/** Luhn's check digit. */
function checkDigit(body: string): number {
  const sum = [...body].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return (10 - (sum % 10)) % 10;
}
