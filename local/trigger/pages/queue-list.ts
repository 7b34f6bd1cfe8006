import { html } from "hono/html";
import type { KeyLoad, QueueLoad } from "../engine/queues";
import type { Html } from "./layout";
import { andon, button, empty, facts, pager, queueLink } from "./parts";

export const pathOf = (queue: Pick<QueueLoad, "name">) => `/queues/${encodeURIComponent(queue.name)}`;

export function queueListPart(queues: QueueLoad[], pageNumber: number, hasMore: boolean): Html {
  if (queues.length === 0)
    return empty("No queues", "Every task has one of its own: they appear here once a worker has registered.");
  return html`<table class="list figures"><thead><tr><th>Queue</th><th>State</th><th class="right">Running</th><th class="right">Waiting</th><th class="right">Queued</th><th class="right">Limit</th><th><span class="hint">What to do</span></th></tr></thead><tbody>${queues.map(row)}</tbody></table>
${pager({ newer: pageNumber > 1 ? `/queues?page=${pageNumber - 1}` : undefined, older: hasMore ? `/queues?page=${pageNumber + 1}` : undefined })}`;
}

function row(queue: QueueLoad): Html {
  const count = (label: string, value: number) =>
    html`<td class="right figure" data-label="${label}">${value === 0 ? html`<span class="faint">0</span>` : value.toLocaleString("en")}</td>`;
  return html`<tr><td data-label="Queue">${queueLink(queue.name)}</td><td data-label="State">${sign(queue)}</td>${count("Running", queue.running)}${count("Waiting", queue.waiting)}${count("Queued", queue.queued)}
<td class="right figure" data-label="Limit"><span>${limit(queue)}</span></td><td>${pauseButton(queue, "/queues")}</td></tr>`;
}

function sign(queue: QueueLoad): Html {
  if (queue.paused) return andon("red", "Paused");
  if (queue.running > 0) return andon("green", "Running", true);
  return queue.queued > 0 ? andon("amber", "Held up") : andon("off", "Idle");
}

function limit(queue: QueueLoad): Html | string {
  const base = queue.base_limit === null ? "none" : String(queue.base_limit);
  return queue.override_limit === null
    ? base
    : html`${queue.override_limit} <span class="hint">instead of ${base}</span>`;
}

const pauseButton = (queue: QueueLoad, back: string) =>
  button(`${pathOf(queue)}/${queue.paused ? "resume" : "pause"}`, queue.paused ? "Resume" : "Pause", { back });

export function queuePage(queue: QueueLoad, keys: KeyLoad[]): Html {
  const runs = `/?queue=${encodeURIComponent(queue.name)}`;
  return html`<p class="crumbs"><a href="/queues">Queues</a> / <a href="${runs}">its runs</a></p><h1 class="isolate">${queue.name}</h1>
<div class="actions">${sign(queue)}${pauseButton(queue, pathOf(queue))}</div>
${facts([
  ["Running", String(queue.running)],
  ["Waiting", String(queue.waiting)],
  ["Queued", String(queue.queued)],
  ["Limit", limit(queue)],
  ["Kind", queue.type === "task" ? "of one task" : "in the code"],
])}
<p class="hint">A limit counts for each concurrency key by itself. A run that waits gives its slot away.</p>
<h2>Limit</h2><form class="actions" method="post" action="${pathOf(queue)}/override"><label for="limit">Another limit than the code's</label>
<input id="limit" name="limit" inputmode="numeric" size="6" required value="${queue.override_limit ?? ""}" autocomplete="off"><button>Set</button></form>
${queue.override_limit === null ? "" : button(`${pathOf(queue)}/reset`, "Back to the code's")}
<h2>By concurrency key</h2>${
    keys.length === 0
      ? html`<p class="hint">Nothing is in this queue.</p>`
      : html`<table class="list"><thead><tr><th>Key</th><th class="right">Running</th><th class="right">Waiting</th><th class="right">Queued</th></tr></thead><tbody>${keys.map(
          (key) =>
            html`<tr><td data-label="Key"><span class="isolate">${key.concurrency_key ?? html`<span class="faint">no key</span>`}</span></td><td class="right figure" data-label="Running">${key.running}</td><td class="right figure" data-label="Waiting">${key.waiting}</td><td class="right figure" data-label="Queued">${key.queued}</td></tr>`,
        )}</tbody></table>`
  }`;
}
