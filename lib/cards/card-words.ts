/** Stripe's words for brands, where they are not the brand's own with a capital letter. */
const brands: Readonly<Record<string, string>> = {
  amex: "American Express",
  cartes_bancaires: "Cartes Bancaires",
  diners: "Diners Club",
  eftpos_au: "eftpos",
  jcb: "JCB",
  unionpay: "UnionPay",
  unknown: "Card",
};

export type CardFace = { brand: string; last4: string; expMonth: number; expYear: number };

/** "Visa ending 4242". */
export function cardName({ brand, last4 }: Pick<CardFace, "brand" | "last4">): string {
  return `${brands[brand] ?? brand.charAt(0).toUpperCase() + brand.slice(1)} ending ${last4}`;
}

/** "04/27", as it is printed on the card. */
export function cardExpiry({ expMonth, expYear }: Pick<CardFace, "expMonth" | "expYear">): string {
  return `${String(expMonth).padStart(2, "0")}/${String(expYear % 100).padStart(2, "0")}`;
}

/** A card is good until the end of its month; somewhere on earth that month lasts half a day longer. */
export function isCardExpired({ expMonth, expYear }: Pick<CardFace, "expMonth" | "expYear">, now: Date): boolean {
  return now.getTime() >= Date.UTC(expYear, expMonth, 1, 12);
}
