import { Resend } from "resend";
import { effect } from "@/lib/crash-point";
import { env } from "@/lib/env";
import { translateResendError } from "./resend-errors";

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
  const { data, error, headers } = await effect("mail", () =>
    resend().emails.send(
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
    ),
  );
  if (!error) return { providerId: data.id };
  if (error.name === "invalid_idempotent_request") return { providerId: null };
  throw translateResendError(error, headers);
}
