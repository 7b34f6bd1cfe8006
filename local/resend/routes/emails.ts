import { Hono } from "hono";
import { ResendError } from "../errors";
import type { StoredEmail } from "../store";
import { toAttachment, toEmail, toListEmail } from "../wire";
import type { Env, World } from "../world";

const pageDefault = 20;
const pageMax = 100;

/** Reading what was sent: GET /emails, /emails/:id and the attachments of one. */
export function emailRoutes({ mailbox }: World) {
  const app = new Hono<Env>();

  app.get("/emails", (c) => {
    const unknown = Object.keys(c.req.query()).find((name) => !["limit", "after", "before"].includes(name));
    if (unknown)
      throw new ResendError("invalid_parameter", `The local Resend does not know the parameter \`${unknown}\`.`);
    const page = pageOf(mailbox.emails().reverse(), c.req.query());
    return c.json({ object: "list", has_more: page.hasMore, data: page.emails.map(toListEmail) });
  });

  app.get("/emails/:id", (c) => c.json(toEmail(get(c.req.param("id")))));

  app.get("/emails/:id/attachments", (c) => {
    const email = get(c.req.param("id"));
    const data = email.attachments.map((attachment) =>
      toAttachment(attachment, downloadUrl(c.req.url, email.id, attachment.id), new Date()),
    );
    return c.json({ object: "list", has_more: false, data });
  });

  app.get("/emails/:id/attachments/:attachmentId", (c) => {
    const email = get(c.req.param("id"));
    const attachment = email.attachments.find(({ id }) => id === c.req.param("attachmentId"));
    if (!attachment) throw new ResendError("not_found", "Attachment not found");
    const url = downloadUrl(c.req.url, email.id, attachment.id);
    return c.json({ object: "attachment", ...toAttachment(attachment, url, new Date()) });
  });

  const get = (id: string): StoredEmail => {
    const email = mailbox.find(id);
    if (!email) throw new ResendError("not_found", "Email not found");
    return email;
  };
  return app;
}

/** https://resend.com/docs/api-reference/pagination */
function pageOf(
  newestFirst: StoredEmail[],
  query: Record<string, string>,
): { emails: StoredEmail[]; hasMore: boolean } {
  const limit = query.limit === undefined ? pageDefault : Number(query.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > pageMax) {
    throw new ResendError("validation_error", `The \`limit\` must be between 1 and ${pageMax}.`);
  }
  const { after, before } = query;
  if (after !== undefined && before !== undefined) {
    throw new ResendError("validation_error", "Only one of `after` and `before` may be given.");
  }
  const cursor = after ?? before;
  const at = newestFirst.findIndex(({ id }) => id === cursor);
  if (cursor !== undefined && at < 0)
    throw new ResendError("validation_error", "The cursor is not the id of an email.");
  if (before !== undefined) {
    const start = Math.max(0, at - limit);
    return { emails: newestFirst.slice(start, at), hasMore: start > 0 };
  }
  const start = after === undefined ? 0 : at + 1;
  return { emails: newestFirst.slice(start, start + limit), hasMore: start + limit < newestFirst.length };
}

function downloadUrl(base: string, emailId: string, attachmentId: string): string {
  return new URL(`/inbox/${emailId}/attachments/${attachmentId}`, base).href;
}
