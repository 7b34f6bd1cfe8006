import { randomBytes } from "node:crypto";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** `length` random letters and digits. The tiny bias of the modulo does not matter for ids. */
export function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join("");
}

/** A fresh id in Stripe's form, e.g. `pi_3…`. */
export function newId(prefix: string): string {
  return `${prefix}_${randomText(24)}`;
}

/** The id behind a reference, which Stripe's types allow to be an id, an expanded object or nothing. */
export function idOf(reference: string | { id: string } | null | undefined): string | null {
  if (reference === null || reference === undefined) return null;
  return typeof reference === "string" ? reference : reference.id;
}
