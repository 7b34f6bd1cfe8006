import { html, raw } from "hono/html";
import type { StoredLabel } from "../store";

const refreshSeconds = 5;

const style = raw(`
:root { --paper: #faf9f6; --ink: #1c1b19; --quiet: #6b6862; --line: #dedbd3; --signal: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #171614; --ink: #eceae4; --quiet: #a19d94; --line: #35332f; --signal: #7db6f2; }
}
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.35rem; }
a { color: var(--signal); }
.quiet { color: var(--quiet); }
.mono, time { font-family: ui-monospace, monospace; font-size: .85rem; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .5rem .25rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th { font-size: .8rem; color: var(--quiet); font-weight: 600; }
`);

/** Labels, newest first; the page loads itself again. */
export function listPage(labels: StoredLabel[]) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${refreshSeconds}">
<link rel="icon" href="data:,">
<title>Labels (${labels.length})</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Labels</h1>
<p class="quiet">Local carrier: labels are made and kept here, no parcel is moved.</p>
${
  labels.length === 0
    ? html`<p class="quiet">No label yet. Place an order and it appears here.</p>`
    : html`<table>
<thead><tr><th scope="col">Parcel</th><th scope="col">To</th><th scope="col">State</th><th scope="col">Label</th></tr></thead>
<tbody>${labels.map(row)}</tbody>
</table>`
}
</main>
</body>
</html>`;
}

function row({ reference, trackingNumber, parcel, createdAt, voidedAt }: StoredLabel) {
  const { name, line1, postalCode, city, country } = parcel.to;
  return html`<tr>
<td><span class="mono">${trackingNumber}</span><br><span class="quiet mono">${reference}</span></td>
<td>${name}, ${line1}, ${postalCode} ${city}, ${country}</td>
<td>${voidedAt === null ? "bought" : "void"}<br><time datetime="${createdAt}">${createdAt.slice(0, 19).replace("T", " ")}</time></td>
<td><a href="/desk/${reference}/pdf">PDF</a></td>
</tr>`;
}
