import type { Resend } from "resend";
import type { StoredAttachment, StoredEmail } from "./store";

/** The SDK does not export the shapes of its answers, but its methods have them. */
type Answer<Method extends (...args: never[]) => Promise<{ data: unknown }>> = NonNullable<
  Awaited<ReturnType<Method>>["data"]
>;
type Email = Answer<Resend["emails"]["get"]>;
type ListEmail = Answer<Resend["emails"]["list"]>["data"][number];
type Attachment = Answer<Resend["emails"]["attachments"]["list"]>["data"][number];

export function toListEmail(email: StoredEmail): ListEmail {
  return {
    id: email.id,
    message_id: `<${email.id}@local.resend.dev>`,
    to: email.to,
    from: email.from,
    created_at: email.createdAt.replace("Z", "000+00:00"),
    subject: email.subject,
    bcc: orNull(email.bcc),
    cc: orNull(email.cc),
    reply_to: orNull(email.replyTo),
    last_event: email.lastEvent,
    scheduled_at: null,
  };
}

export function toEmail(email: StoredEmail): Email {
  return { object: "email", ...toListEmail(email), html: email.html, text: email.text, tags: email.tags };
}

export function toAttachment(attachment: StoredAttachment, downloadUrl: string, now: Date): Attachment {
  return {
    id: attachment.id,
    filename: attachment.filename,
    size: attachment.sizeBytes,
    content_type: attachment.contentType,
    content_disposition: attachment.contentId === null ? "attachment" : "inline",
    ...(attachment.contentId !== null && { content_id: attachment.contentId }),
    download_url: downloadUrl,
    expires_at: new Date(now.getTime() + 3600 * 1000).toISOString(),
  };
}

function orNull(list: string[]): string[] | null {
  return list.length === 0 ? null : list;
}
