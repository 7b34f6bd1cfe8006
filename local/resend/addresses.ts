import { ResendError } from "./errors";

const recipientsMax = 50;

/** Reads one address, `email@example.com` or `Name <email@example.com>`, as Resend wants it. */
export function readAddress(field: string, value: unknown): string {
  if (typeof value === "string" && isAddress(value)) return value;
  throw new ResendError(
    "validation_error",
    `Invalid \`${field}\` field. The email address needs to follow the \`email@example.com\` or \`Name <email@example.com>\` format.`,
  );
}

/** Reads one address or a list of them; nothing is an empty list. */
export function readAddresses(field: string, value: unknown): string[] {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : [value];
  if (list.length > recipientsMax) {
    throw new ResendError("validation_error", `The \`${field}\` field must have at most ${recipientsMax} addresses.`);
  }
  return list.map((item: unknown) => readAddress(field, item));
}

/** The address without the display name, in lower case. */
export function bareAddress(address: string): string {
  return (/<([^<>]*)>\s*$/.exec(address)?.[1] ?? address).trim().toLowerCase();
}

function isAddress(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line break would start another header
  if (text.length > 998 || /[\u0000-\u001f\u007f]/.test(text)) return false;
  const named = /^[^<>]*<([^<>]+)>$/.exec(text.trim());
  return /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+\.[^\s@<>(),;:"[\]\\.]+$/.test(named?.[1] ?? text);
}
