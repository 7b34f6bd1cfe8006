import { html, raw } from "hono/html";
import { friendly } from "../engine/ids";
import { type TokenStatus, tokenStatus } from "../engine/list-tokens";
import { shownMax } from "../engine/run-view";
import type { Waitpoint } from "../engine/waitpoints";
import { dataView, type PacketHead, type ShownData } from "./data-view";
import type { Html } from "./layout";
import { andon, empty, facts, option, pager, refusalBox, time } from "./parts";
import { type ListedRun, runRows } from "./run-list";

export type TokenSearch = { status: string; tag: string };
type Links = { newer: string | undefined; older: string | undefined };

const words: Record<TokenStatus, string> = { WAITING: "Waiting", COMPLETED: "Completed", TIMED_OUT: "Timed out" };

function sign(token: Waitpoint): Html {
  const status = tokenStatus(token);
  return andon(({ WAITING: "amber", COMPLETED: "green", TIMED_OUT: "red" } as const)[status], words[status]);
}

export function tokenFilterForm(search: TokenSearch): Html {
  return html`<h1>Wait tokens</h1><form class="filter" method="get" action="/tokens"><label>Status<select name="status">${option("", search.status, "all")}${Object.entries(words).map(([value, label]) => option(value, search.status, label))}</select></label>
<label>Tag<input name="tag" value="${search.tag}" size="14" autocomplete="off"></label><button>Filter</button></form>`;
}

export function tokenListPart(tokens: Waitpoint[], waiters: Map<string, number>, links: Links): Html {
  if (tokens.length === 0)
    return empty(
      "No wait tokens here",
      html`A task makes one with <code>wait.createToken</code> and waits for it with <code>wait.forToken</code>; a person or a service completes it.`,
    );
  return html`<table class="list"><thead><tr><th>Token</th><th>Status</th><th>Created (UTC)</th><th>Times out (UTC)</th><th class="right">Runs that wait</th><th>Tags</th></tr></thead><tbody>${tokens.map(
    (
      token,
    ) => html`<tr><td data-label="Token"><a class="id" data-row href="/tokens/${friendly("waitpoint", token.id)}" title="${friendly("waitpoint", token.id)}">…${token.id.slice(-8)}</a></td><td data-label="Status">${sign(token)}</td>
<td data-label="Created">${time(token.created_at)}</td><td data-label="Times out">${token.status === "PENDING" ? time(token.completed_after) : ""}</td><td class="right figure" data-label="Waiting">${waiters.get(token.id) ?? 0}</td>
<td${token.tags.length > 0 ? raw(' data-label="Tags"') : ""}>${token.tags.length > 0 ? html`<span>${token.tags.map(tokenTag)}</span>` : ""}</td></tr>`,
  )}</tbody></table>${pager(links)}`;
}

const tokenTag = (tag: string) => html`<a class="tag" href="/tokens?tag=${encodeURIComponent(tag)}">${tag}</a>`;

export function tokenPage(token: Waitpoint, waiters: ListedRun[], packet: PacketHead): Html {
  const id = friendly("waitpoint", token.id);
  return html`<div${token.status === "COMPLETED" ? raw(" data-over") : ""}><p class="crumbs"><a href="/tokens">Wait tokens</a></p><h1>Wait token</h1><p class="id faint">${id}</p>
<div class="actions">${sign(token)}</div>
${facts([
  ["Created", time(token.created_at)],
  ["Times out", token.status === "PENDING" ? time(token.completed_after) : ""],
  ["Completed", time(token.completed_at)],
  ["Idempotency key", token.user_key === null ? "" : html`<span class="isolate">${token.user_key}</span>`],
  ["Tags", token.tags.length > 0 ? html`${token.tags.map(tokenTag)}` : ""],
])}
${waiters.length > 0 ? html`<h2>Runs that wait for it</h2>${runRows(waiters)}` : token.status === "PENDING" ? html`<p class="hint">No run waits for it yet.</p>` : ""}
${token.status === "COMPLETED" ? dataView(shownValue(token), packet) : ""}</div>`;
}

function shownValue({ output, output_type, output_is_error }: Waitpoint): ShownData {
  const data = output?.slice(0, shownMax) ?? null;
  return {
    href: undefined,
    title: output_is_error ? "Error" : "Value",
    data,
    bytes: Buffer.byteLength(output ?? ""),
    type: output_type,
  };
}

/** Beside the live part, so that nobody's typing is disturbed. */
export function completeForm(token: Waitpoint, typed: string, problem: string | undefined): Html | "" {
  if (token.status === "COMPLETED") return "";
  return html`<h2>Complete it by hand</h2>${problem ? refusalBox(problem) : ""}<form method="post" action="/tokens/${friendly("waitpoint", token.id)}/complete"><div class="field"><label for="value">Value <span class="hint">JSON, what the waiting run receives; empty is no value</span></label>
<textarea id="value" name="value" rows="6" spellcheck="false"${problem ? raw(' aria-invalid="true"') : ""}>\n${typed}</textarea></div><button class="main">Complete</button></form>`;
}
