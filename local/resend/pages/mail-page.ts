import { html } from "hono/html";
import type { StoredEmail } from "../store";
import { type Html, layout, moment } from "./layout";
import { event } from "./list-page";

/** One mail: who, what, both bodies, attachments and headers. */
export function mailPage(email: StoredEmail): Html {
  return layout(
    email.subject,
    html`<h1>${email.subject}</h1>
<dl>
${entry("From", email.from)}${entry("To", email.to.join(", "))}${entry("Cc", email.cc.join(", "))}${entry("Bcc", email.bcc.join(", "))}${entry("Reply to", email.replyTo.join(", "))}
<dt>Sent</dt><dd>${moment(email.createdAt)} UTC</dd>
<dt>Last event</dt><dd>${event(email.lastEvent)}</dd>
<dt>Id</dt><dd><code>${email.id}</code></dd>
</dl>
${email.attachments.length === 0 ? "" : attachments(email)}
${email.html === null ? "" : html`<h2>HTML</h2><iframe title="HTML part" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/inbox/${email.id}/html"></iframe>`}
${email.text === null ? "" : html`<h2>Text</h2><pre>${email.text}</pre>`}
${headers(email)}`,
  );
}

function attachments(email: StoredEmail): Html {
  return html`<h2>Attachments</h2><ul>${email.attachments.map(
    ({ id, filename, contentType, sizeBytes }) =>
      html`<li><a href="/inbox/${email.id}/attachments/${id}">${filename}</a> <span class="quiet">${contentType}, ${size(sizeBytes)}</span></li>`,
  )}</ul>`;
}

function headers(email: StoredEmail): Html | string {
  const tags = email.tags.map(({ name, value }) => [`tag ${name}`, value] as const);
  const lines = [...Object.entries(email.headers), ...tags];
  if (lines.length === 0) return "";
  return html`<h2>Headers and tags</h2><dl>${lines.map(([name, value]) => entry(name, value))}</dl>`;
}

function entry(name: string, value: string): Html | string {
  return value === "" ? "" : html`<dt>${name}</dt><dd>${value}</dd>`;
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
