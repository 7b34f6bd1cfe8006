import { html } from "hono/html";
import { type BulkVerb, bulkMax } from "../engine/bulk-runs";
import type { Html } from "./layout";
import { hiddenFields } from "./parts";

/** Asks once more before something is done to everything that matches. */
export function bulkConfirmPage(action: BulkVerb, count: number, query: URLSearchParams): Html {
  const max = bulkMax[action];
  const back = `/?${query}`;
  const tooMany = action === "replay" && count > max;
  const what = query.size > 0 ? "match the filter" : "are there";
  return html`<h1>${action === "cancel" ? "Cancel" : "Replay"} all that ${query.size > 0 ? "match" : "are there"}</h1>
${query.size > 0 ? html`<dl class="facts">${[...query].map(([name, value]) => html`<div><dt>${name}</dt><dd class="isolate">${value}</dd></div>`)}</dl>` : ""}
<p>${sentence()}</p>
<form class="actions" method="post" action="/runs/bulk">${hiddenFields(query)}<input type="hidden" name="scope" value="matching">
${count === 0 || tooMany ? "" : html`<button class="main" name="action" value="${action}">${action === "cancel" ? "Cancel" : "Replay"} ${Math.min(count, max).toLocaleString("en")} ${count === 1 ? "run" : "runs"}</button>`}<a href="${back}">Back to the list</a></form>`;

  function sentence(): string {
    const some = (n: number) => n.toLocaleString("en");
    if (count === 0) return action === "cancel" ? "Nothing that is not over matches." : "Nothing matches.";
    if (tooMany) return `More than ${some(max)} runs ${what}. Narrow the filter: so many are replayed at once.`;
    if (count > max)
      return `More than ${some(max)} runs that are not over ${what}. The newest ${some(max)} are cancelled; do it again for the rest.`;
    if (action === "cancel")
      return `${some(count)} ${count === 1 ? "run that is" : "runs that are"} not over ${what}. What they started is cancelled too.`;
    return `${some(count)} ${count === 1 ? "run matches" : "runs match"}. Each is started once more, with its payload and settings.`;
  }
}
