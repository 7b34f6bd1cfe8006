import { randomUUID } from "node:crypto";
import { extname } from "node:path";
import { ResendError } from "./errors";
import type { StoredAttachment } from "./store";

/** "max 40MB per email, after Base64 encoding". https://resend.com/docs/api-reference/emails/send-email */
const encodedMaxBytes = 40 * 1024 * 1024;
const fields = ["content", "filename", "path", "content_type", "content_id"];

export type ReadAttachment = { description: StoredAttachment; bytes: Buffer };

/** Reads the attachments of a mail: content in base64, as the SDK sends it. */
export function readAttachments(value: unknown): ReadAttachment[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new ResendError("validation_error", "The `attachments` field must be an `array`.");
  const encodedBytes = value.reduce(
    (sum: number, item) => sum + (typeof item?.content === "string" ? item.content.length : 0),
    0,
  );
  if (encodedBytes > encodedMaxBytes) {
    throw new ResendError("validation_error", "The attachments are over 40MB after Base64 encoding.");
  }
  return value.map(readAttachment);
}

function readAttachment(item: unknown): ReadAttachment {
  if (typeof item !== "object" || item === null)
    throw new ResendError("invalid_attachment", "An attachment must be an `object`.");
  const { content, filename, path, content_type, content_id } = item as Record<string, unknown>;
  const unknown = Object.keys(item).find((name) => !fields.includes(name));
  if (unknown)
    throw new ResendError("invalid_parameter", `The local Resend does not understand \`${unknown}\` in an attachment.`);
  if (path !== undefined) {
    throw new ResendError(
      "invalid_parameter",
      "The local Resend does not fetch attachments by `path`. Send their `content`.",
    );
  }
  if (typeof content !== "string")
    throw new ResendError("invalid_attachment", "Attachment must have either a `content` or `path`.");
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(content)) {
    throw new ResendError("invalid_attachment", "The `content` of an attachment must be Base64.");
  }
  if (typeof filename !== "string" || filename === "") {
    throw new ResendError("invalid_attachment", "The attachment must have a `filename`.");
  }
  const bytes = Buffer.from(content, "base64");
  const contentType = typeof content_type === "string" ? content_type : typeOf(filename);
  if (!/^[\w.+-]+\/[\w.+-]+(?:\s*;\s*[\w.+-]+=(?:[\w.+-]+|"[^"\\\r\n]*"))*$/.test(contentType)) {
    throw new ResendError("invalid_attachment", "The `content_type` of an attachment is not a content type.");
  }
  const contentId = typeof content_id === "string" ? content_id : null;
  return {
    description: { id: randomUUID(), filename, contentType, contentId, sizeBytes: bytes.length },
    bytes,
  };
}

/** "if not set will be derived from the filename": the types a shop sends. */
const types: Record<string, string> = {
  ".csv": "text/csv",
  ".gif": "image/gif",
  ".html": "text/html",
  ".ics": "text/calendar",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".json": "application/json",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".txt": "text/plain",
  ".webp": "image/webp",
  ".xml": "application/xml",
  ".zip": "application/zip",
};

function typeOf(filename: string): string {
  return types[extname(filename).toLowerCase()] ?? "application/octet-stream";
}
