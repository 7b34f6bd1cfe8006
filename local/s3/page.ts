import { html, raw } from "hono/html";
import { presignDownload } from "./presign";
import { sortedByKey } from "./routes/list-objects";
import type { Credentials } from "./signature";
import type { Bucket, StoredObject } from "./store";

const expiresSeconds = 3600;

const style = raw(`
:root { --paper: #faf9f6; --ink: #1c1b19; --quiet: #6b6862; --line: #dedbd3; --signal: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #171614; --ink: #eceae4; --quiet: #a19d94; --line: #35332f; --signal: #7db6f2; }
}
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--signal); overflow-wrap: anywhere; }
a:focus-visible { outline: 2px solid var(--signal); outline-offset: 2px; }
h1 { font-size: 1.35rem; } h2 { font-size: 1rem; margin-top: 2rem; }
h2, .mono { font-family: ui-monospace, monospace; }
.quiet { color: var(--quiet); }
ul { list-style: none; padding: 0; }
li { border-bottom: 1px solid var(--line); padding: .5rem 0; display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; }
.mono { font-size: .85rem; }
`);

/** What is stored, for a person to look at. Its links hold for an hour. */
export function storagePage(buckets: Bucket[], host: string, credentials: Credentials, now: Date) {
  const row = (bucket: Bucket, object: StoredObject) => {
    const url = presignDownload(host, { bucket: bucket.name, key: object.key }, credentials, { now, expiresSeconds });
    return html`<li><a class="mono" href="${url}">${object.key}</a>
<span class="quiet mono">${object.headers["content-type"] ?? ""} · ${object.size} bytes · ${object.lastModified.slice(0, 19).replace("T", " ")}</span></li>`;
  };
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>Files</title><style>${style}</style></head>
<body>
<h1>Files</h1>
<p class="quiet">Local S3: what the shop has stored. A link downloads the file and holds for an hour; load the page again for a new one.</p>
${buckets.map(
  (bucket) => html`<h2>${bucket.name}</h2>
${bucket.objects.size === 0 ? html`<p class="quiet">Nothing stored yet.</p>` : html`<ul>${sortedByKey(bucket.objects.values()).map((object) => row(bucket, object))}</ul>`}`,
)}
</body>
</html>`;
}
