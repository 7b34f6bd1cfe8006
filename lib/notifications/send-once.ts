import { crashPoint } from "@/lib/crash-point";
import { db } from "@/lib/db/client";
import type { SentMail } from "@/lib/db/generated/client";
import { newId } from "@/lib/ids";
import { log } from "@/lib/log";
import { type Mail, sendMail } from "./send-mail";

/** What a mail is about: exactly one thing. `subject` tells several mails of one kind about it apart. */
export type MailSubject =
  | { orderId: string; subject?: string }
  | { reportId: string }
  | { subscriptionInvoiceId: string }
  | { findingId: string; subject: string }
  | { importId: string }
  | { passwordResetId: string };

/** `sent` is false where the mail had gone out before, or another caller sent it meanwhile. */
export type SendResult = { mailId: string; sent: boolean; recipients: string[] };

const separator = ", ";

/**
 * Sends one mail per (`about`, `kind`), whoever asks and however often: twice, at once, or again after a crash.
 *
 * The row comes first and its id is Resend's idempotency key, so a crash between sending and noting it sends nothing
 * twice, as long as somebody tries again within Resend's 24 hours. `render` is called only when there is something to
 * send, and goes to the recipients of the first try, so that tries are equal.
 *
 * @throws TemporaryError and MailRefusedError as `sendMail`; asking again later is safe.
 */
export async function sendOnce(mail: {
  kind: string;
  about: MailSubject;
  recipients: readonly string[];
  render: () => Mail | Promise<Mail>;
  now: Date;
}): Promise<SendResult> {
  const row = await claim(mail);
  const recipients = row.recipient.split(separator);
  if (row.sentAt) return { mailId: row.id, sent: false, recipients };
  await crashPoint("mail.claimed");
  const { providerId } = await sendMail({ ...(await mail.render()), to: recipients, idempotencyKey: row.id });
  await crashPoint("mail.sent");
  const noted = await db().sentMail.updateMany({
    where: { id: row.id, sentAt: null },
    data: { sentAt: mail.now, providerId },
  });
  const sent = noted.count === 1;
  if (sent) log.info("mail.sent", { mailId: row.id, kind: mail.kind, ...mail.about });
  return { mailId: row.id, sent, recipients };
}

async function claim(mail: { kind: string; about: MailSubject; recipients: readonly string[] }): Promise<SentMail> {
  const { kind, about } = mail;
  const key = { kind, ...about, subject: ("subject" in about && about.subject) || "" };
  const recipient = mail.recipients.join(separator);
  await db().sentMail.createMany({ data: [{ id: newId("mail"), recipient, ...key }], skipDuplicates: true });
  return db().sentMail.findFirstOrThrow({ where: key });
}
