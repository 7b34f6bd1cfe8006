import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

const style = `
:root { --paper: #fdfcf9; --ink: #1c1b19; --faint: #6f6a60; --line: #e4e0d8; --signal: #d9480f; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header, main { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; gap: 1.5rem; align-items: baseline; padding-block: 1.25rem .75rem; border-bottom: 1px solid var(--line); }
header strong { font-weight: 600; }
main { padding-block: 1rem 4rem; }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: 3px; }
a:hover, nav a[aria-current] { text-decoration-color: var(--signal); }
a:focus-visible, button:focus-visible, select:focus-visible, input:focus-visible { outline: 2px solid var(--signal); outline-offset: 2px; }
h1 { font-size: 1.35rem; font-weight: 600; margin: 1rem 0 .25rem; }
h2 { font-size: 1rem; font-weight: 600; margin: 2rem 0 .5rem; }
code, pre, .id, td.time { font: 13px/1.5 ui-monospace, monospace; }
pre { margin: 0; padding: .75rem; border: 1px solid var(--line); overflow: auto; max-height: 28rem; white-space: pre-wrap; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 500; color: var(--faint); }
th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.scroll { overflow-x: auto; }
.faint { color: var(--faint); }
.bad { color: var(--signal); font-weight: 500; }
.tag { display: inline-block; padding: 0 .4rem; margin-right: .25rem; border: 1px solid var(--line); font: 12px/1.6 ui-monospace, monospace; }
form.filter { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin: .5rem 0 1rem; }
form.inline { display: inline; }
label { display: grid; gap: .15rem; font-size: 13px; color: var(--faint); }
select, input, button { font: inherit; color: var(--ink); background: #fff; border: 1px solid var(--line); padding: .3rem .6rem; }
button { cursor: pointer; } button:hover { border-color: var(--signal); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: .75rem 0; }
dt { color: var(--faint); } dd { margin: 0; }
`;

/** Fetches the page anew every few seconds, unless somebody is typing or looking elsewhere. */
const refresh = `
setInterval(async () => {
  if (document.hidden || document.activeElement?.closest("form")) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-live]");
  const now = document.querySelector("[data-live]");
  if (next && now && next.innerHTML !== now.innerHTML) now.innerHTML = next.innerHTML;
}, 3000);
`;

/** One page. Everything put into it by `html` is escaped; scripts other than our own are not run. */
export function page(
  c: Context,
  { title, at, body, status = 200 }: { title: string; at: "runs" | "schedules"; body: Html; status?: 200 | 404 | 403 },
) {
  const nonce = randomBytes(16).toString("base64");
  c.header(
    "content-security-policy",
    `default-src 'none'; img-src data:; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  );
  c.header("referrer-policy", "same-origin");
  c.header("cache-control", "no-store");
  const current = (name: string) => (name === at ? raw(' aria-current="page"') : "");
  return c.html(
    html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>${title}</title><style nonce="${nonce}">${raw(style)}</style></head>
<body>
<header><strong>Local Trigger.dev</strong><nav><a href="/"${current("runs")}>Runs</a> &nbsp; <a href="/schedules"${current("schedules")}>Schedules</a></nav></header>
<main>${body}</main>
<script nonce="${nonce}">${raw(refresh)}</script>
</body></html>`,
    status,
  );
}

/** A moment as `2026-01-31 09:05:07.123`, in UTC. */
export function moment(date: Date | null | undefined): string {
  return date ? date.toISOString().replace("T", " ").replace("Z", "") : "";
}

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}
