import { html, raw } from "hono/html";
import type { Server } from "../engine/context";
import { friendly } from "../engine/ids";
import { listRuns, readRunFilter } from "../engine/list-runs";
import type { Run } from "../engine/run";
import { apiStatus, isFailure } from "../engine/status";
import { duration, type Html, moment } from "./layout";

const statuses = [
  "QUEUED",
  "DELAYED",
  "DEQUEUED",
  "EXECUTING",
  "COMPLETED",
  "FAILED",
  "CRASHED",
  "CANCELED",
  "TIMED_OUT",
  "EXPIRED",
  "SYSTEM_FAILURE",
];

export async function runListPage(server: Server, query: URLSearchParams): Promise<Html> {
  const status = query.get("status") ?? "";
  const task = query.get("task") ?? "";
  const filter = new URLSearchParams();
  if (statuses.includes(status)) filter.set("filter[status]", status);
  if (task) filter.set("filter[taskIdentifier]", task);
  for (const side of ["after", "before"]) if (query.get(side)) filter.set(`page[${side}]`, query.get(side) ?? "");
  const { runs, next, previous } = await listRuns(server.db, readRunFilter(filter));
  const tasks = await server.db.query<{ task_id: string }>(
    "select distinct task_id from worker_task where worker_id = (select id from worker order by seq desc limit 1) order by 1",
  );
  const link = (side: string, cursor: string) =>
    `/?${new URLSearchParams({ ...(status ? { status } : {}), ...(task ? { task } : {}), [side]: cursor })}`;
  return html`<h1>Runs</h1>
<form class="filter" method="get" action="/">
<label>Status<select name="status"><option value="">all</option>${statuses.map((name) => option(name, status))}</select></label>
<label>Task<select name="task"><option value="">all</option>${tasks.map((row) => option(row.task_id, task))}</select></label>
<button>Filter</button></form>
<div data-live><div class="scroll"><table><thead><tr><th>Run</th><th>Task</th><th>Status</th><th>Created (UTC)</th><th>Took</th><th>Tags</th></tr></thead>
<tbody>${runs.map(row)}</tbody></table></div>
${runs.length === 0 ? html`<p class="faint">No runs${status || task ? " match this filter" : " yet. Trigger a task and it appears here"}.</p>` : ""}
<p>${previous ? html`<a href="${link("before", previous)}">Newer</a>` : ""} &nbsp; ${next ? html`<a href="${link("after", next)}">Older</a>` : ""}</p></div>`;
}

function option(value: string, chosen: string) {
  return html`<option${value === chosen ? raw(" selected") : ""}>${value}</option>`;
}

function row(run: Run) {
  const id = friendly("run", run.id);
  return html`<tr><td class="id"><a href="/runs/${id}">…${id.slice(-8)}</a></td><td>${run.task_id}</td><td>${statusLabel(run)}</td>
<td class="time">${moment(run.created_at)}</td><td class="time">${took(run)}</td><td>${run.tags.map((tag) => html`<span class="tag">${tag}</span>`)}</td></tr>`;
}

export function statusLabel(run: Run) {
  return html`<span class="${isFailure(run.status) ? "bad" : ""}">${apiStatus(run.status)}</span>`;
}

export function took(run: Run): string {
  if (!run.started_at) return "";
  return duration((run.completed_at ?? new Date()).getTime() - run.started_at.getTime());
}
