import { randomUUID } from "node:crypto";
import { bareAddress, readAddress, readAddresses } from "./addresses";
import { readAttachments } from "./attachments";
import { ResendError } from "./errors";
import type { NewEmail, StoredEmail } from "./store";

const known = ["from", "to", "cc", "bcc", "reply_to", "subject", "html", "text", "headers", "attachments", "tags"];
const unsupported = ["scheduled_at", "template", "topic_id"];

/** Reads the body of a send request, or throws the 422 that Resend documents. https://resend.com/docs/api-reference/emails/send-email */
export function readEmail(body: unknown, now: Date): NewEmail {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new ResendError("validation_error", "The request body must be an `object`.");
  }
  const fields = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined && value !== null));
  for (const name of Object.keys(fields)) {
    if (known.includes(name)) continue;
    const reason = unsupported.includes(name) ? "does not support" : "does not know";
    throw new ResendError("invalid_parameter", `The local Resend ${reason} \`${name}\`.`);
  }
  for (const name of ["from", "to", "subject"]) {
    if (fields[name] === undefined || fields[name] === "") throw missing(name);
  }
  const from = readAddress("from", fields.from);
  const to = readAddresses("to", fields.to);
  if (to.length === 0) throw missing("to");
  const html = readText("html", fields.html);
  const text = readText("text", fields.text);
  if (html === null && text === null)
    throw new ResendError("missing_required_field", "Missing `html` or `text` field.");

  const attachments = readAttachments(fields.attachments);
  const email: StoredEmail = {
    id: randomUUID(),
    createdAt: now.toISOString(),
    from,
    to,
    cc: readAddresses("cc", fields.cc),
    bcc: readAddresses("bcc", fields.bcc),
    replyTo: readAddresses("reply_to", fields.reply_to),
    subject: readText("subject", fields.subject) ?? "",
    html,
    text,
    headers: readHeaders(fields.headers),
    tags: readTags(fields.tags),
    attachments: attachments.map(({ description }) => description),
    lastEvent: eventOf(to),
  };
  return { email, files: attachments.map(({ description, bytes }) => ({ id: description.id, bytes })) };
}

/**
 * What becomes of a mail to Resend's test addresses, with or without a label; all others are delivered.
 * https://resend.com/docs/dashboard/emails/send-test-emails
 */
function eventOf(to: string[]): StoredEmail["lastEvent"] {
  const testAddresses = to.map((address) => /^(\w+)(?:\+[^@]*)?@resend\.dev$/.exec(bareAddress(address))?.[1]);
  return (
    (["bounced", "suppressed", "complained"] as const).find((event) => testAddresses.includes(event)) ?? "delivered"
  );
}

function readText(field: string, value: unknown): string | null {
  if (value === undefined) return null;
  if (typeof value === "string") return value;
  throw new ResendError("validation_error", `The \`${field}\` field must be a \`string\`.`);
}

function readHeaders(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ResendError("validation_error", "The `headers` field must be an `object`.");
  }
  const entries = Object.entries(value).map(([name, content]: [string, unknown]) => {
    if (typeof content === "string" && /^[!-9;-~]+$/.test(name) && !/[\r\n]/.test(content))
      return [name, content] as const;
    throw new ResendError("validation_error", `The header \`${name}\` must be a name and one line of text.`);
  });
  return Object.fromEntries(entries);
}

function readTags(value: unknown): StoredEmail["tags"] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new ResendError("validation_error", "The `tags` field must be an `array`.");
  return value.map((item: unknown) => {
    const { name, value: content } = (item ?? {}) as Record<string, unknown>;
    const plain = (part: unknown): part is string => typeof part === "string" && /^[\w-]{1,256}$/.test(part);
    if (plain(name) && plain(content)) return { name, value: content };
    throw new ResendError(
      "validation_error",
      "Tags should only contain ASCII letters, numbers, underscores, or dashes.",
    );
  });
}

function missing(field: string) {
  return new ResendError("missing_required_field", `Missing \`${field}\` field.`);
}
