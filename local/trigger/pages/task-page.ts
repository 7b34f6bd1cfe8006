import { html, raw } from "hono/html";
import { friendly } from "../engine/ids";
import type { Field, FormValues, Problems } from "../engine/payload-form";
import type { RecentPayload, TaskView } from "../engine/task-list";
import { type OptionValues, optionNames } from "../engine/test-run";
import { size } from "./data-view";
import type { Html } from "./layout";
import { facts, option, queueLink, refusalBox, runSign, time } from "./parts";
import { payloadFields } from "./payload-fields";
import { limits, retries } from "./task-list";

/** What is on the form: the payload as fields or as text, the options, and what is wrong with them. */
export type TestForm = {
  mode: "form" | "raw";
  values: FormValues;
  text: string;
  options: OptionValues;
  problems: Problems;
  refusal: string | undefined;
};

const machines = ["micro", "small-1x", "small-2x", "medium-1x", "medium-2x", "large-1x", "large-2x"];

export function taskPage(task: TaskView, fields: Field[] | undefined, form: TestForm, recent: RecentPayload[]): Html {
  const path = `/tasks/${encodeURIComponent(task.task_id)}`;
  return html`<p class="crumbs"><a href="/tasks">Tasks</a> / <a href="/?task=${encodeURIComponent(task.task_id)}">its runs</a></p><h1 class="isolate">${task.task_id}</h1>
${facts([
  ["File", html`<code>${task.file_path}</code>`],
  ["Queue", queueLink(task.queue)],
  ["Retries", retries(task)],
  ["Limits", limits(task)],
  ["Schedule", task.cron === null ? "" : html`<code>${task.cron}</code> ${task.timezone}`],
])}
<div class="columns"><section><h2>Test it</h2>${form.refusal ? refusalBox(form.refusal) : ""}${form.problems.size > 0 ? refusalBox("Nothing was started: some fields need another look.") : ""}
<form method="post" action="${path}">
<input type="hidden" name="mode" value="${form.mode}">${form.mode === "form" && fields ? payloadFields(fields, form.values, form.problems) : rawField(form, task)}
${optionFields(form.options, form.problems)}
<div class="actions"><button class="main" name="do" value="run">Run ${task.task_id}</button>
${fields ? html`<button name="do" value="${form.mode === "form" ? "raw" : "form"}">${form.mode === "form" ? "Edit as JSON" : "Edit as a form"}</button>` : ""}</div></form></section>
<aside><h2>Payloads used before</h2>${recent.length === 0 ? html`<p class="hint">None yet.</p>` : recent.map((one) => recentPayload(path, one))}
<h2>Last runs</h2>${task.lastRuns.length === 0 ? html`<p class="hint">None yet.</p>` : task.lastRuns.map((run) => html`<p><a href="/runs/${friendly("run", run.id)}">${runSign(run)}</a> <span class="faint">${time(run.created_at)}</span></p>`)}</aside></div>`;
}

function rawField(form: TestForm, task: TaskView): Html {
  const problem = form.problems.get("payload");
  const hint =
    task.trigger_source === "schedule"
      ? "JSON; dates as text like 2026-01-31T09:00:00Z."
      : "JSON. Empty is no payload.";
  return html`<div class="field"><label for="payload">Payload <span class="hint">${hint}</span></label>
<textarea id="payload" name="payload" rows="14" spellcheck="false"${problem ? raw(' aria-invalid="true"') : ""} aria-describedby="payload-hint">\n${form.text}</textarea>
<div id="payload-hint">${problem ? html`<span class="problem">${problem}</span>` : ""}</div></div>`;
}

function optionFields(values: OptionValues, problems: Problems): Html {
  const isOpen = optionNames.some((name) => values[name] || problems.has(name));
  const text = (name: keyof OptionValues, label: string, hint: string) => {
    const problem = problems.get(name);
    return html`<div class="field"><label for="o-${name}">${label}</label><input id="o-${name}" name="o-${name}" value="${String(values[name] ?? "")}" autocomplete="off"${problem ? raw(' aria-invalid="true"') : ""} aria-describedby="o-${name}-hint">
<div id="o-${name}-hint">${problem ? html`<span class="problem">${problem}</span> ` : ""}<span class="hint">${hint}</span></div></div>`;
  };
  return html`<div class="field"><label class="row"><input type="checkbox" name="o-test" value="yes"${values.isTest ? raw(" checked") : ""}>Mark the run as a test</label></div>
<details${isOpen ? raw(" open") : ""}><summary>Options</summary><div class="group">
${text("delay", "Delay", "10m, or a date like 2026-01-31T09:00Z")}${text("ttl", "Time to live", "Expires if it has not begun by then: 10m")}${text("tags", "Tags", "separated by commas, ten at most")}
${text("queue", "Queue", "another queue than the task's")}${text("concurrencyKey", "Concurrency key", "")}${text("idempotencyKey", "Idempotency key", "The same key finds the same run again")}
<div class="field"><label for="o-machine">Machine</label><select id="o-machine" name="o-machine">${option("", values.machine ?? "", "the task's")}${machines.map((name) => option(name, values.machine ?? ""))}</select></div>
${text("maxAttempts", "Max attempts", "")}${text("maxDuration", "Max duration", "seconds, at least 5")}${text("priority", "Priority", "seconds it is taken earlier than others")}</div></details>`;
}

function recentPayload(path: string, payload: RecentPayload): Html {
  return html`<p><a href="${path}?from=${friendly("run", payload.id)}">Use</a> <span class="hint">${size(payload.bytes)}${payload.is_test ? ", test" : ""}, ${time(payload.created_at)}</span><br><code class="isolate">${payload.preview.slice(0, 120)}${payload.preview.length > 120 ? "…" : ""}</code></p>`;
}
