import { type ErrorResponse, Resend } from "resend";
import { env } from "@/lib/env";
import { TemporaryError } from "@/lib/errors";
import { MailRefusedError } from "./errors";

export type Attachment = { fileName: string; contentType: string; content: Buffer };

/** What a mail says; `text` is for readers that show no HTML and says the same. */
export type Mail = { subject: string; html: string; text: string; attachments?: readonly Attachment[] };

const timeoutMs = 30_000;
let client: Resend | undefined;

function resend(): Resend {
  const { RESEND_API_KEY, RESEND_BASE_URL } = env();
  client ??= new Resend(RESEND_API_KEY, RESEND_BASE_URL ? { baseUrl: RESEND_BASE_URL } : {});
  return client;
}

/**
 * Sends one mail, at most once per `idempotencyKey` within Resend's 24 hours, however often it is called.
 * https://resend.com/docs/dashboard/emails/idempotency-keys
 *
 * Answers Resend's id of the mail, or null where a mail was accepted under this key before with other words: that one
 * went out, so this one does not.
 *
 * @throws TemporaryError when it may pass: unreachable, busy, limited, failing, or the same mail is being sent right now.
 * @throws MailRefusedError when trying again cannot help.
 */
export async function sendMail(
  mail: Mail & { to: readonly string[]; idempotencyKey: string },
): Promise<{ providerId: string | null }> {
  const { data, error, headers } = await resend().emails.send(
    {
      from: env().MAIL_FROM,
      to: [...mail.to],
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      attachments: mail.attachments?.map((file) => ({
        filename: file.fileName,
        contentType: file.contentType,
        content: file.content.toString("base64"),
      })),
    },
    { idempotencyKey: mail.idempotencyKey, signal: AbortSignal.timeout(timeoutMs) },
  );
  if (!error) return { providerId: data.id };
  if (error.name === "invalid_idempotent_request") return { providerId: null };
  throw translate(error, headers);
}

/** Resend never throws: refusals, its own failures and lost connections (no status) all come back as `error`. */
function translate(error: ErrorResponse, headers: Record<string, string> | null): Error {
  const { name, statusCode, message } = error;
  const temporary = !statusCode || statusCode === 429 || statusCode >= 500 || name === "concurrent_idempotent_requests";
  if (temporary) {
    const retryAfterMs = retryAfter(headers) ?? (name === "concurrent_idempotent_requests" ? 1_000 : undefined);
    return new TemporaryError({ vendor: "resend", message: `Resend did not take the mail: ${message}`, retryAfterMs });
  }
  const ours = statusCode === 401 || name === "missing_api_key" || name === "invalid_api_key";
  if (ours || name === "restricted_api_key") {
    return new Error(`Resend does not accept RESEND_API_KEY (${name}: ${message}). Set a key that may send mail.`);
  }
  return new MailRefusedError(`${name}: ${message}`);
}

function retryAfter(headers: Record<string, string> | null): number | undefined {
  const seconds = Number(headers?.["retry-after"]);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}
