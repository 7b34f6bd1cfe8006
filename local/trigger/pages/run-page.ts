import { createJsonErrorObject } from "@trigger.dev/core/v3/errors";
import { html } from "hono/html";
import type { Server } from "../engine/context";
import { friendly } from "../engine/ids";
import { metadataOf } from "../engine/metadata";
import { toPlainJson } from "../engine/packets";
import type { Run } from "../engine/run";
import type { Snapshot } from "../engine/snapshots";
import { presignedGet } from "../http/presigned";
import { type Html, moment } from "./layout";
import { statusLabel, took } from "./run-list";

const shownMax = 100_000;

export async function runPage(server: Server, run: Run): Promise<Html> {
  const id = friendly("run", run.id);
  const snapshots = await server.db.query<Snapshot>(
    "select * from snapshot where run_id = $1 order by seq limit 1000",
    [run.id],
  );
  const children = await server.db.query<Run>("select * from run where parent_id = $1 order by number limit 200", [
    run.id,
  ]);
  return html`<div data-live><h1>${run.task_id}</h1><p class="id faint">${id}</p>
<p>${statusLabel(run)} &nbsp; ${button(id, "replay", "Replay")} ${run.execution_status === "FINISHED" ? "" : button(id, "cancel", "Cancel")}</p>
<dl>${facts(run).map(([name, value]) => (value === "" ? "" : html`<dt>${name}</dt><dd>${value}</dd>`))}</dl>
${run.error ? errorSection(run) : ""}
${dataSection(server, "Payload", run.payload, run.payload_type)}
${dataSection(server, "Output", run.output, run.output_type)}
${run.metadata === null ? "" : html`<h2>Metadata</h2><pre>${pretty(metadataOf(run))}</pre>`}
<h2>Timeline</h2><div class="scroll"><table><thead><tr><th>Time (UTC)</th><th>After</th><th>State</th><th>Attempt</th><th>What happened</th></tr></thead>
<tbody>${snapshots.map((snapshot) => timelineRow(snapshot, run))}</tbody></table></div>
${children.length === 0 ? "" : html`<h2>Started by this run</h2><ul>${children.map(relation)}</ul>`}</div>`;
}

function facts(run: Run): [name: string, value: string | Html][] {
  const link = (internalId: string | null) =>
    internalId === null
      ? ""
      : html`<a class="id" href="/runs/${friendly("run", internalId)}">${friendly("run", internalId)}</a>`;
  return [
    ["Created", moment(run.created_at)],
    ["Delayed until", moment(run.delay_until)],
    ["Started", moment(run.started_at)],
    ["Finished", moment(run.completed_at)],
    ["Took", took(run)],
    ["Attempts", `${run.attempt_number}${run.max_attempts === null ? "" : ` of at most ${run.max_attempts}`}`],
    ["Version", run.worker_version ?? ""],
    ["Queue", run.concurrency_key === null ? run.queue : `${run.queue} (key ${run.concurrency_key})`],
    ["Tags", run.tags.length === 0 ? "" : html`${run.tags.map((tag) => html`<span class="tag">${tag}</span>`)}`],
    ["Idempotency key", run.idempotency_key_options?.key ?? run.idempotency_key ?? ""],
    ["ttl", run.ttl ?? ""],
    ["Parent", link(run.parent_id)],
    ["Root", run.root_id === run.parent_id ? "" : link(run.root_id)],
    ["Batch", run.batch_id === null ? "" : friendly("batch", run.batch_id)],
    ["Schedule", run.schedule_id ?? ""],
    ["Replay of", run.replayed_from ?? ""],
  ];
}

function button(id: string, action: string, label: string) {
  return html`<form class="inline" method="post" action="/runs/${id}/${action}"><button>${label}</button></form>`;
}

function errorSection(run: Run) {
  if (!run.error) return "";
  const error = createJsonErrorObject(run.error);
  return html`<h2>Error</h2><p class="bad">${error.name ? `${error.name}: ` : ""}${error.message}</p>
${error.stackTrace ? html`<pre>${error.stackTrace}</pre>` : ""}`;
}

function dataSection(server: Server, title: string, data: string | null, type: string) {
  if (data === null) return "";
  if (type === "application/store") {
    return html`<h2>${title}</h2><p>Too large to show here. <a href="${presignedGet(server, data)}">Download</a> (the link works for five minutes)</p>`;
  }
  return html`<h2>${title}</h2><pre>${pretty(toPlainJson(data, type))}</pre>`;
}

function pretty(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
  return text.length > shownMax ? `${text.slice(0, shownMax)}\n… ${text.length - shownMax} more characters` : text;
}

function timelineRow(snapshot: Snapshot, run: Run) {
  const after = snapshot.created_at.getTime() - run.created_at.getTime();
  return html`<tr><td class="time">${moment(snapshot.created_at)}</td><td class="time">+${(after / 1000).toFixed(3)} s</td>
<td>${snapshot.execution_status}</td><td>${snapshot.attempt_number || ""}</td><td>${snapshot.description}</td></tr>`;
}

function relation(run: Run) {
  const id = friendly("run", run.id);
  return html`<li><a class="id" href="/runs/${id}">${id}</a> ${run.task_id} ${statusLabel(run)}</li>`;
}
