import { isAmex, isCardNumber } from "../cards";

/** What a shopper typed, as typed, for showing it again. */
export type CardFields = {
  email: string;
  number: string;
  expiry: string;
  cvc: string;
  name: string;
  country: string;
  shippingRate: string;
};

export type CardEntry = {
  email: string;
  number: string;
  expMonth: number;
  expYear: number;
  name: string;
  country: string;
  shippingRate: string | null;
};

export type FieldErrors = { [Field in keyof CardFields]?: string };

export const emptyFields: CardFields = {
  email: "",
  number: "",
  expiry: "",
  cvc: "",
  name: "",
  country: "DE",
  shippingRate: "",
};

/** Takes the known fields of a posted form, as text of a sane length. */
export function fieldsFrom(form: { [name: string]: unknown }): CardFields {
  const read = (name: keyof CardFields) => {
    const value = form[name];
    return typeof value === "string" ? value.trim().slice(0, 200) : "";
  };
  return {
    email: read("email"),
    number: read("number"),
    expiry: read("expiry"),
    cvc: read("cvc"),
    name: read("name"),
    country: read("country"),
    shippingRate: read("shippingRate"),
  };
}

/** Checks what was typed in the words Stripe's page uses. `nowMs` decides whether the card has expired. */
export function readCardForm(fields: CardFields, nowMs: number): { entry: CardEntry } | { errors: FieldErrors } {
  const errors: FieldErrors = {};
  const number = fields.number.replaceAll(/[\s-]/g, "");
  if (number === "") errors.number = "Enter your card number.";
  else if (!isCardNumber(number)) errors.number = "Your card number is invalid.";

  const expiry = readExpiry(fields.expiry);
  if (expiry === null) errors.expiry = "Your card's expiration date is incomplete.";
  else if (hasExpired(expiry, nowMs)) errors.expiry = "Your card's expiration date is in the past.";

  const cvcLength = isAmex(number) ? 4 : 3;
  if (!/^\d+$/.test(fields.cvc) || fields.cvc.length !== cvcLength) {
    errors.cvc = `Your card's security code is incomplete: it has ${cvcLength} digits.`;
  }
  if (fields.name === "") errors.name = "Enter the name on your card.";
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(fields.email)) errors.email = "Enter a complete e-mail address.";
  if (!/^[A-Z]{2}$/.test(fields.country)) errors.country = "Choose a country.";

  if (expiry === null || Object.keys(errors).length > 0) return { errors };
  return {
    entry: {
      email: fields.email,
      number,
      expMonth: expiry.month,
      expYear: expiry.year,
      name: fields.name,
      country: fields.country,
      shippingRate: fields.shippingRate === "" ? null : fields.shippingRate,
    },
  };
}

function readExpiry(text: string): { month: number; year: number } | null {
  const match = /^(\d{1,2})\s*[/-]?\s*(\d{4}|\d{2})$/.exec(text);
  const month = Number(match?.[1]);
  const year = Number(match?.[2]);
  if (!match || month < 1 || month > 12) return null;
  return { month, year: year < 100 ? 2000 + year : year };
}

/** A card is good until the end of its month. */
function hasExpired({ month, year }: { month: number; year: number }, nowMs: number): boolean {
  return Date.UTC(year, month, 1) <= nowMs;
}
