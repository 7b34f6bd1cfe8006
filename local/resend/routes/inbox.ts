import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { Hono } from "hono";
import { bareAddress } from "../addresses";
import { ResendError } from "../errors";
import { listPage } from "../pages/list-page";
import { mailPage } from "../pages/mail-page";
import type { StoredAttachment, StoredEmail } from "../store";
import type { Env, World } from "../world";

/** Shown in the browser; anything else (HTML and SVG above all, which may hold scripts) is downloaded. */
const shownTypes = /^(application\/(pdf|json)|image\/(png|jpeg|gif|webp)|text\/(plain|csv))(;|$)/;

/** The pages a person looks at: what was sent, without scripts and without asking anything of the network. */
export function inboxRoutes({ mailbox }: World) {
  const app = new Hono<Env>();

  const list = (to: string) => {
    const wanted = to.trim().toLowerCase();
    const matches = (email: StoredEmail) =>
      [...email.to, ...email.cc, ...email.bcc].some((address) => bareAddress(address).includes(wanted));
    return listPage(mailbox.emails().reverse().filter(matches), to);
  };
  const get = (id: string): StoredEmail => {
    const email = mailbox.find(id);
    if (!email) throw new ResendError("not_found", "Email not found");
    return email;
  };

  app.use("*", async (c, next) => {
    await next();
    c.header("x-content-type-options", "nosniff");
    c.header("referrer-policy", "no-referrer");
    if (!c.res.headers.has("content-security-policy")) {
      c.header(
        "content-security-policy",
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'",
      );
    }
  });

  app.get("/", (c) => c.html(list(c.req.query("to") ?? "")));
  app.get("/inbox", (c) => c.html(list(c.req.query("to") ?? "")));
  app.get("/inbox/:id", (c) => c.html(mailPage(get(c.req.param("id")))));

  /** The HTML part alone, for the frame: no scripts, no forms; links open beside it. */
  app.get("/inbox/:id/html", (c) => {
    const email = get(c.req.param("id"));
    const { origin } = new URL(c.req.url);
    const policy = [
      "sandbox allow-popups allow-popups-to-escape-sandbox",
      "default-src 'none'",
      `img-src data: http: https: ${origin}`,
      "style-src 'unsafe-inline' https:",
      "font-src data: https:",
    ];
    c.header("content-security-policy", policy.join("; "));
    return c.html(`<base target="_blank">${withInlineImages(email)}`);
  });

  app.get("/inbox/:id/attachments/:attachmentId", (c) => {
    const email = get(c.req.param("id"));
    const attachment = email.attachments.find(({ id }) => id === c.req.param("attachmentId"));
    if (!attachment) throw new ResendError("not_found", "Attachment not found");
    const bytes = createReadStream(mailbox.attachmentPath(email.id, attachment.id));
    // The browser's own PDF viewer does not start under a policy.
    c.header(
      "content-security-policy",
      attachment.contentType.startsWith("application/pdf") ? "frame-ancestors 'self'" : "sandbox; default-src 'none'",
    );
    c.header("content-type", attachment.contentType);
    c.header("content-length", String(attachment.sizeBytes));
    c.header("content-disposition", disposition(attachment));
    return c.body(Readable.toWeb(bytes) as ReadableStream<Uint8Array>);
  });
  return app;
}

/** `cid:` addresses of inline attachments become addresses of this inbox. */
function withInlineImages(email: StoredEmail): string {
  return email.attachments.reduce((html, { id, contentId }) => {
    if (contentId === null || contentId === "") return html;
    return html.replaceAll(`cid:${contentId}`, `/inbox/${email.id}/attachments/${id}`);
  }, email.html ?? "");
}

function disposition({ contentType, filename }: StoredAttachment): string {
  const kind = shownTypes.test(contentType) ? "inline" : "attachment";
  const plain = filename.replace(/[^\u0020-\u007e]|["\\]/g, "_");
  const encoded = encodeURIComponent(Buffer.from(filename).toString()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
