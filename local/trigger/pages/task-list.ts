import { html } from "hono/html";
import { cronInWords } from "../engine/cron-words";
import { friendly } from "../engine/ids";
import type { LastRun, NewestWorker, TaskView } from "../engine/task-list";
import type { Html } from "./layout";
import { empty, queueLink, runSign, taskLink, time } from "./parts";

export function taskListPart(tasks: TaskView[], worker: NewestWorker | null): Html {
  if (!worker)
    return empty(
      "No worker has registered yet",
      html`Start one in your project: <code>npx trigger.dev dev</code>. Its tasks appear here.`,
    );
  return html`<p class="hint">Version ${worker.version}, registered ${time(worker.created_at)} UTC.</p>
<table class="list tasks"><thead><tr><th>Task</th><th>File</th><th>Queue</th><th>Retries</th><th>Limits</th><th>Schedule</th><th>Last runs</th></tr></thead><tbody>${tasks.map(row)}</tbody></table>`;
}

function row(task: TaskView): Html {
  return html`<tr><td data-label="Task"><strong>${taskLink(task.task_id)}</strong></td><td data-label="File"><code class="isolate">${task.file_path}</code></td>
<td data-label="Queue">${queueLink(task.queue)}</td><td data-label="Retries">${retries(task)}</td><td data-label="Limits">${limits(task)}</td>
<td data-label="Schedule">${task.cron === null ? "" : html`<span title="${task.cron} ${task.timezone ?? ""}">${cronInWords(task.cron)}</span>`}</td><td data-label="Last runs"><span>${task.lastRuns.length === 0 ? "" : task.lastRuns.slice(0, 3).map(lastRun)}</span></td></tr>`;
}

function lastRun(run: LastRun): Html {
  return html`<a class="last" href="/runs/${friendly("run", run.id)}" title="${run.created_at.toISOString()}">${runSign(run)}</a> `;
}

export function retries(task: TaskView): string {
  const { maxAttempts, minTimeoutInMs, maxTimeoutInMs, factor } = task.retry ?? {};
  if (!maxAttempts || maxAttempts <= 1) return "none";
  const pause =
    minTimeoutInMs && maxTimeoutInMs
      ? `, ${minTimeoutInMs / 1_000} to ${maxTimeoutInMs / 1_000} s, ×${factor ?? 2}`
      : "";
  return `${maxAttempts} attempts${pause}`;
}

export function limits(task: TaskView): string {
  return [
    task.machine?.preset ?? "",
    task.max_duration === null ? "" : `${task.max_duration} s`,
    task.ttl === null ? "" : `ttl ${task.ttl}`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}
