import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { client } from "./client";
import { style } from "./style";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

const places = {
  runs: ["/", "Runs"],
  tasks: ["/tasks", "Tasks"],
  schedules: ["/schedules", "Schedules"],
  queues: ["/queues", "Queues"],
  tokens: ["/tokens", "Wait tokens"],
} as const;

export type Page = {
  title: string;
  at: keyof typeof places;
  body?: Html | (Html | "")[];
  /** The part that follows what happens: where it hears of changes, what it shows now, and what stands below it. */
  live?: { url: string; body: Html; after?: Html | "" };
  status?: ContentfulStatusCode;
};

/** One page. Everything put into it by `html` is escaped; scripts other than our own are not run. */
export function page(c: Context, { title, at, body, live, status = 200 }: Page): Response | Promise<Response> {
  const nonce = randomBytes(16).toString("base64");
  c.header(
    "content-security-policy",
    `default-src 'none'; img-src data:; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  );
  c.header("referrer-policy", "same-origin");
  c.header("x-content-type-options", "nosniff");
  c.header("cache-control", "no-store");
  if (live && c.req.header("x-fragment") === "live") return c.html(live.body, status);
  return c.html(
    html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="${icon}"><title>${title}</title><style nonce="${nonce}">${raw(style)}</style></head>
<body><a class="skip" href="#main">To the content</a>
<header><a class="mark" href="/"><svg width="15" height="26" viewBox="0 0 15 26" aria-hidden="true"><path d="M7.5 20v6M3 25.5h9" fill="none" stroke="currentColor" stroke-width="1.5"/><rect x="2.5" y="1" width="10" height="5.4" fill="#c92a2a"/><rect x="2.5" y="7.4" width="10" height="5.4" fill="#d18a00"/><rect x="2.5" y="13.8" width="10" height="5.4" fill="#2f8f46"/></svg>Local Trigger.dev</a>
<nav aria-label="Pages"><ul>${Object.entries(places).map(([name, [href, label]]) => html`<li><a href="${href}"${name === at ? raw(' aria-current="page"') : ""}>${label}</a></li>`)}</ul></nav></header>
<div class="ruler" aria-hidden="true"></div>
<main id="main">${body ?? ""}${live ? html`<div data-live="${live.url}">${live.body}</div>${live.after ?? ""}` : ""}</main>
<script nonce="${nonce}">${raw(client)}</script>
</body></html>`,
    status,
  );
}

const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect x="4" width="8" height="5" fill="#c92a2a"/><rect x="4" y="5.5" width="8" height="5" fill="#d18a00"/><rect x="4" y="11" width="8" height="5" fill="#2f8f46"/></svg>',
)}`;
