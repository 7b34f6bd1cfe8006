import { html, raw } from "hono/html";

export type Html = ReturnType<typeof html>;

/** Colour, letters and rules of both pages. */
const style = raw(`
:root { --paper: #faf9f6; --ink: #1c1b19; --quiet: #6b6862; --line: #dedbd3; --signal: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #171614; --ink: #eceae4; --quiet: #a19d94; --line: #35332f; --signal: #7db6f2; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main, header { max-width: 60rem; margin: 0 auto; padding: 1rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; border-bottom: 1px solid var(--line); }
header a { color: var(--ink); text-decoration: none; font-weight: 600; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: .5rem 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: .8rem; font-weight: 600; letter-spacing: .04em; text-transform: uppercase; color: var(--quiet); margin: 1.75rem 0 .5rem; }
a { color: var(--signal); }
a:focus-visible, input:focus-visible, button:focus-visible { outline: 2px solid var(--signal); outline-offset: 2px; }
p.quiet, .quiet { color: var(--quiet); }
code, .mono, time { font-family: ui-monospace, monospace; font-size: .85rem; }
ul { list-style: none; margin: 0; padding: 0; }
.mails li { border-bottom: 1px solid var(--line); }
.mails a { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .7rem .25rem; color: inherit; text-decoration: none; }
.mails a:hover .subject { color: var(--signal); }
.mails .subject { font-weight: 600; overflow-wrap: anywhere; }
.mails .to { color: var(--quiet); overflow-wrap: anywhere; }
.mails .facts { text-align: right; color: var(--quiet); font-size: .85rem; }
.bad { color: var(--signal); font-weight: 600; }
form { display: flex; gap: .5rem; margin: 0 0 1rem; flex-wrap: wrap; }
input, button { font: inherit; padding: .35rem .6rem; border: 1px solid var(--line); border-radius: 4px; background: transparent; color: inherit; }
input { flex: 1 1 14rem; min-width: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
iframe { width: 100%; height: 26rem; border: 1px solid var(--line); border-radius: 4px; background: #fff; resize: vertical; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); border-radius: 4px; padding: .75rem; margin: 0; font-size: .85rem; }
`);

/** One page of the inbox. `refreshSeconds` makes it load itself again. */
export function layout(title: string, content: Html, refreshSeconds?: number): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refreshSeconds === undefined ? "" : html`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header><a href="/inbox">Inbox</a><span class="quiet">Local Resend: mails are kept here, nothing is sent.</span></header>
<main>${content}</main>
</body>
</html>`;
}

/** Minutes and seconds matter in a local inbox; the zone is UTC everywhere. */
export function moment(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace("T", " ")}</time>`;
}
