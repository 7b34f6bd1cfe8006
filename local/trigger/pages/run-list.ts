import { html, raw } from "hono/html";
import { countMax, type Floor } from "../engine/floor";
import { friendly } from "../engine/ids";
import type { RunPage } from "../engine/list-runs";
import type { Run } from "../engine/run";
import { type RunSearch, searchQuery } from "../engine/run-search";
import type { Html } from "./layout";
import {
  andon,
  empty,
  hiddenFields,
  lampOf,
  option,
  pager,
  runLink,
  runSign,
  statusNames,
  statusWord,
  tagLink,
  taskLink,
  time,
  took,
} from "./parts";

/** Of each run what the list shows: payloads and outputs stay where they are. */
export const listColumns =
  "id, task_id, status, execution_status, created_at, started_at, completed_at, tags, is_test, attempt_number, replayed_from, schedule_id";
export type ListedRun = Pick<
  Run,
  | "id"
  | "task_id"
  | "status"
  | "execution_status"
  | "created_at"
  | "started_at"
  | "completed_at"
  | "tags"
  | "is_test"
  | "attempt_number"
  | "replayed_from"
  | "schedule_id"
>;

const periods = [
  ["", "any time"],
  ["1h", "last hour"],
  ["1d", "last day"],
  ["7d", "last week"],
  ["custom", "from … to …"],
] as const;

export function runFilterForm(search: RunSearch, tasks: string[]): Html {
  const { task, time: period } = search;
  const choices = task && !tasks.includes(task) ? [task, ...tasks] : tasks;
  const more = (["parent", "batch", "schedule", "queue", "version"] as const).filter((name) => search[name]);
  return html`<h1>Runs</h1><form class="filter" method="get" action="/" role="search">
<label>Run id, or its end<input name="id" value="${search.id}" size="14" autocomplete="off" spellcheck="false"></label>
<label>Task<select name="task"><option value="">all</option>${choices.map((name) => option(name, task))}</select></label>
<label>Tag<input name="tag" value="${search.tag}" size="14" autocomplete="off" spellcheck="false"></label>
<label>Created<select name="time">${periods.map(([value, label]) => option(value, period, label))}</select></label>
<label class="custom">From (UTC)<input type="datetime-local" step="1" name="from" value="${search.from}"></label>
<label class="custom">To (UTC)<input type="datetime-local" step="1" name="to" value="${search.to}"></label>
${more.map((name) => html`<label>${name}<input name="${name}" value="${search[name]}" size="18" autocomplete="off"></label>`)}
<button>Filter</button>${searchQuery(search).size > 0 ? html`<a href="/">Clear</a>` : ""}
<fieldset><legend class="hint">Status</legend>${statusNames.map((name) => statusChip(name, search.statuses))}</fieldset></form>`;
}

function statusChip(name: string, chosen: string[]) {
  return html`<label class="chip"><input type="checkbox" name="status" value="${name}"${chosen.includes(name) ? raw(" checked") : ""}>${andon(lampOf(name), statusWord(name))}</label>`;
}

export function runListPart(search: RunSearch, floor: Floor, { runs, next, previous }: RunPage<ListedRun>): Html {
  const query = searchQuery(search);
  const link = (side: "after" | "before", cursor: string | undefined) => {
    if (!cursor) return undefined;
    const to = new URLSearchParams(query);
    to.set(side, cursor);
    return `/?${to}`;
  };
  const list =
    runs.length > 0
      ? html`<form method="post" action="/runs/bulk" data-select>${hiddenFields(query)}${bulkBar(query)}
<table class="list runs"><thead><tr><th><input type="checkbox" data-all hidden aria-label="Select all on this page"></th><th>Run</th><th>Task</th><th>Status</th><th>Created (UTC)</th><th class="right">Took</th><th>Tags</th></tr></thead><tbody>${runs.map(row)}</tbody></table></form>`
      : empty(
          query.size > 0 ? "No run matches this filter" : "No runs yet",
          query.size > 0
            ? html`Widen it, or <a href="/">look at all runs</a>.`
            : html`Trigger a task from your code, or <a href="/tasks">from its test page</a>: it appears here by itself.`,
        );
  return html`${floorBoard(floor)}${list}${pager({ newer: link("before", previous), older: link("after", next) })}`;
}

function floorBoard(floor: Floor): Html {
  const figure = (count: number) => (count >= countMax ? `${countMax - 1}+` : String(count));
  const failed = ["FAILED", "CRASHED", "TIMED_OUT", "EXPIRED", "SYSTEM_FAILURE"]
    .map((name) => `status=${name}`)
    .join("&");
  return html`<div class="board"><a href="/?status=EXECUTING&amp;status=DEQUEUED">${andon(floor.running > 0 ? "green" : "off", "Running", floor.running > 0)}<b>${figure(floor.running)}</b></a>
<a href="/?status=EXECUTING">${andon(floor.waiting > 0 ? "amber" : "off", "Waiting")}<b>${figure(floor.waiting)}</b></a>
<a href="/?status=QUEUED">${andon(floor.queued > 0 ? "amber" : "off", "Queued")}<b>${figure(floor.queued)}</b></a>
<a href="/?${raw(failed.replaceAll("&", "&amp;"))}&amp;time=1h">${andon(floor.failed > 0 ? "red" : "off", "Failed in the last hour")}<b>${figure(floor.failed)}</b></a></div>`;
}

function bulkBar(query: URLSearchParams): Html {
  const matching = (action: string) => `/runs/bulk?${new URLSearchParams([["action", action], ...query])}`;
  return html`<div class="bulk"><button name="action" value="cancel" data-selected="Cancel">Cancel selected</button>
<button name="action" value="replay" data-selected="Replay">Replay selected</button>
<span class="hint">or <a href="${matching("cancel")}">cancel</a> or <a href="${matching("replay")}">replay</a> ${query.size > 0 ? "all that match" : "all"}…</span></div>`;
}

function row(run: ListedRun) {
  const id = friendly("run", run.id);
  const notes = [
    run.is_test ? "test" : "",
    run.replayed_from ? "replay" : "",
    run.schedule_id ? "scheduled" : "",
    run.attempt_number > 1 ? `attempt ${run.attempt_number}` : "",
  ].filter((note) => note !== "");
  return html`<tr><td><input type="checkbox" name="run" value="${id}" aria-label="Select ${id}"></td>
<td data-label="Run"><a class="id" data-row href="/runs/${id}" title="${id}">…${id.slice(-8)}</a></td><td data-label="Task">${taskLink(run.task_id)}</td>
<td data-label="Status"><span>${runSign(run)}${notes.length > 0 ? html` <span class="hint">${notes.join(", ")}</span>` : ""}</span></td><td data-label="Created">${time(run.created_at)}</td>
<td class="figure right" data-label="Took">${took(run)}</td><td${run.tags.length > 0 ? raw(' data-label="Tags"') : ""}>${run.tags.length > 0 ? html`<span>${run.tags.map(tagLink)}</span>` : ""}</td></tr>`;
}

/** A few runs beside something else. */
export function runRows(runs: ListedRun[]): Html {
  return html`<table class="list"><thead><tr><th>Run</th><th>Task</th><th>Status</th><th>Created (UTC)</th><th class="right">Took</th></tr></thead><tbody>${runs.map(
    (
      run,
    ) => html`<tr><td data-label="Run">${runLink(run.id, true)}</td><td data-label="Task">${taskLink(run.task_id)}</td><td data-label="Status">${runSign(run)}</td>
<td data-label="Created">${time(run.created_at)}</td><td class="figure right" data-label="Took">${took(run)}</td></tr>`,
  )}</tbody></table>`;
}
