import { html } from "hono/html";
import type { StoredEmail } from "../store";
import { type Html, layout, moment } from "./layout";

const refreshSeconds = 5;

/** Mails newest first; `to` is the filter that was asked for. */
export function listPage(emails: StoredEmail[], to: string): Html {
  const none = to === "" ? "No mail yet. Place an order and it appears here." : `No mail to ${to}.`;
  return layout(
    `Inbox (${emails.length})`,
    html`<h1>Inbox</h1>
<form action="/inbox"><input type="search" name="to" value="${to}" placeholder="Recipient" aria-label="Show mails to"><button>Filter</button></form>
${emails.length === 0 ? html`<p class="quiet">${none}</p>` : html`<ul class="mails">${emails.map(row)}</ul>`}`,
    refreshSeconds,
  );
}

function row(email: StoredEmail): Html {
  const count = email.attachments.length;
  const attached = count === 0 ? "" : html`${count} ${count === 1 ? "attachment" : "attachments"}<br>`;
  return html`<li><a href="/inbox/${email.id}">
<span><span class="subject">${email.subject}</span><br><span class="to">${email.to.join(", ")}</span></span>
<span class="facts">${moment(email.createdAt)}<br>${attached}${event(email.lastEvent)}</span>
</a></li>`;
}

export function event(lastEvent: StoredEmail["lastEvent"]): Html {
  return lastEvent === "delivered" ? html`<span>delivered</span>` : html`<span class="bad">${lastEvent}</span>`;
}
