import { createJsonErrorObject } from "@trigger.dev/core/v3/errors";
import { html } from "hono/html";
import { friendly } from "../engine/ids";
import type { Related } from "../engine/related-runs";
import { timelineOf } from "../engine/run-timeline";
import type { DataField, RunView, StreamView, Waiting } from "../engine/run-view";
import type { Snapshot } from "../engine/snapshots";
import type { Trace } from "../traces/read-trace";
import { dataView, type PacketHead, type ShownData } from "./data-view";
import type { Html } from "./layout";
import { button, facts, queueLink, runLink, runSign, shown, tagLink, taskLink, time, took } from "./parts";
import { type ListedRun, runRows } from "./run-list";
import { traceView } from "./trace-view";

export type RunDetails = {
  run: RunView;
  snapshots: Snapshot[];
  trace: Trace;
  related: Related<ListedRun>;
  waiting: Waiting[];
  streams: StreamView[];
  packets: { payload: PacketHead; output: PacketHead };
};

const lastWordsMs = 3_000;

export function runPage({ run, snapshots, trace, related, waiting, streams, packets }: RunDetails): Html {
  const id = friendly("run", run.id);
  const isOver = run.execution_status === "FINISHED";
  // The last of the trace comes a moment after the end.
  const isStill = isOver && Date.now() - (run.completed_at?.getTime() ?? 0) > lastWordsMs;
  return html`<div${isStill ? html` data-over` : ""}><p class="crumbs"><a href="/">Runs</a> / <a class="isolate" href="/?task=${encodeURIComponent(run.task_id)}">${run.task_id}</a></p>
<h1 class="isolate">${run.task_id}</h1><p class="id faint">${id}</p>
<div class="actions">${runSign(run)}${run.is_test ? html`<span class="tag">test</span>` : ""}<span class="figure">${took(run)}</span>
${button(`/runs/${id}/replay`, "Replay")}<a class="button" href="/tasks/${encodeURIComponent(run.task_id)}?from=${id}">Edit and replay</a>${isOver || run.execution_status === "PENDING_CANCEL" ? "" : button(`/runs/${id}/cancel`, "Cancel")}</div>
${waitingFor(waiting)}${errorSection(run)}
${facts(factsOf(run))}
<h2>Timeline</h2>${traceView(timelineOf(snapshots), trace, Date.now(), isOver)}
${dataView(dataOf(run, "payload"), packets.payload)}
${dataView(dataOf(run, "output"), packets.output)}
${dataView(dataOf(run, "metadata"), null)}
${streams.length > 0 ? html`<h2>Streams</h2>${streams.map(streamView)}` : ""}
${relatedSection(run, related)}
<details id="states" class="plain"><summary><h2>States</h2></summary><table class="list"><thead><tr><th>Time (UTC)</th><th>State</th><th>Attempt</th><th>What happened</th></tr></thead><tbody>${snapshots.map(
    (snapshot) =>
      html`<tr><td data-label="Time">${time(snapshot.created_at)}</td><td data-label="State">${snapshot.execution_status}</td><td data-label="Attempt">${snapshot.attempt_number || ""}</td><td data-label="What">${snapshot.description}</td></tr>`,
  )}</tbody></table></details></div>`;
}

function dataOf(run: RunView, field: DataField): ShownData {
  const href = `/runs/${friendly("run", run.id)}/data/${field}`;
  const title = `${field[0]?.toUpperCase()}${field.slice(1)}`;
  return { href, title, data: run[field], bytes: run[`${field}_bytes`] ?? 0, type: run[`${field}_type`] };
}

function factsOf(run: RunView): [string, Html | string][] {
  const limit = run.max_attempts === null ? "" : ` of at most ${run.max_attempts}`;
  return [
    ["Created", time(run.created_at)],
    ["Delayed until", time(run.delay_until)],
    ["Started", time(run.started_at)],
    ["Finished", time(run.completed_at)],
    ["Attempts", `${run.attempt_number}${limit}`],
    ["Task", taskLink(run.task_id)],
    ["Queue", queueLink(run.queue)],
    ["Concurrency key", isolated(run.concurrency_key)],
    ["Version", run.worker_version ?? ""],
    ["Machine", run.machine ?? ""],
    ["Priority", run.priority_ms === 0 ? "" : `${run.priority_ms / 1000} s`],
    ["Max duration", run.max_duration === null ? "" : `${run.max_duration} s`],
    ["Time to live", run.ttl ?? ""],
    ["Idempotency key", isolated(run.idempotency_key_options?.key ?? run.idempotency_key)],
    ["Tags", run.tags.length > 0 ? html`${run.tags.map(tagLink)}` : ""],
    [
      "Batch",
      run.batch_id === null
        ? ""
        : html`<a class="id" href="/?batch=${friendly("batch", run.batch_id)}">${friendly("batch", run.batch_id)}</a>`,
    ],
    [
      "Schedule",
      run.schedule_id === null ? "" : html`<a class="id" href="/?schedule=${run.schedule_id}">${run.schedule_id}</a>`,
    ],
    [
      "Replay of",
      run.replayed_from === null ? "" : html`<a class="id" href="/runs/${run.replayed_from}">${run.replayed_from}</a>`,
    ],
  ];
}

const isolated = (text: string | null | undefined) => (text ? html`<span class="isolate">${shown(text)}</span>` : "");

function waitingFor(waiting: Waiting[]): Html | "" {
  if (waiting.length === 0) return "";
  return html`<p class="notice wait">Waits for ${waiting.map((one, index) => html`${index > 0 ? ", " : ""}${waitingName(one)}`)}</p>`;
}

function waitingName({ id, type, run_id, batch_id, completed_after }: Waiting): Html | string {
  if (run_id) return runLink(run_id);
  if (batch_id)
    return html`<a class="id" href="/?batch=${friendly("batch", batch_id)}">${friendly("batch", batch_id)}</a>`;
  if (type === "MANUAL")
    return html`<a class="id" href="/tokens/${friendly("waitpoint", id)}">${friendly("waitpoint", id)}</a>`;
  return completed_after ? html`${time(completed_after)} UTC` : "a date";
}

function errorSection(run: RunView): Html | "" {
  if (!run.error) return "";
  const error = createJsonErrorObject(run.error);
  return html`<div class="refusal"><strong class="isolate">${shown(`${error.name ? `${error.name}: ` : ""}${error.message.slice(0, 5_000)}`)}</strong>
${error.stackTrace ? html`<details id="stack"><summary class="hint">Stack</summary><pre tabindex="0">${shown(error.stackTrace.slice(0, 50_000))}</pre></details>` : ""}</div>`;
}

function streamView({ key, parts, last }: StreamView): Html {
  return html`<h3 class="isolate">${key.replace(/^\$input\//, "")} <small class="hint">${parts === 1 ? "1 part" : `${parts} parts`}${key.startsWith("$input/") ? ", sent to the run" : ""}</small></h3>${last.length > 0 ? html`<pre tabindex="0">${parts > last.length ? "…\n" : ""}${shown(last.join("\n"))}</pre>` : ""}`;
}

function relatedSection(run: RunView, { parent, root, children, siblings, hasMore }: Related<ListedRun>): Html | "" {
  const above = [...(root ? [root] : []), ...(parent ? [parent] : [])];
  if (above.length + children.length + siblings.length === 0) return "";
  const more = (is: boolean, query: string) => (is ? html`<p><a href="/?${query}">All of them</a></p>` : "");
  return html`<h2>Related runs</h2>
${above.length > 0 ? html`<h3>${root ? "Root and parent" : "Parent"}</h3>${runRows(above)}` : ""}
${children.length > 0 ? html`<h3>Started by this run</h3>${runRows(children)}${more(hasMore.children, `parent=${friendly("run", run.id)}`)}` : ""}
${siblings.length > 0 ? html`<h3>In the same batch</h3>${runRows(siblings)}${more(hasMore.siblings, `batch=${friendly("batch", run.batch_id ?? "")}`)}` : ""}`;
}
