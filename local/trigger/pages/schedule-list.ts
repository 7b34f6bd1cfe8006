import { html } from "hono/html";
import { nextRunsAfter } from "../engine/cron";
import { cronInWords } from "../engine/cron-words";
import type { Schedule } from "../engine/fire-schedule";
import type { SchedulePage } from "../engine/schedules";
import type { Html } from "./layout";
import { andon, button, empty, pager, taskLink, time } from "./parts";

const upcomingCount = 5;

export function scheduleListPart({ schedules, hasMore }: SchedulePage, task: string, pageNumber: number): Html {
  if (schedules.length === 0)
    return empty(
      task === "" && pageNumber === 1 ? "No schedules" : "No such schedules",
      html`A task made with <code>schedules.task</code> and a cron appears here once a worker has registered it; <code>schedules.create</code> makes others.`,
    );
  const link = (number: number) =>
    `/schedules?${new URLSearchParams({ ...(task ? { task } : {}), page: String(number) })}`;
  return html`<table class="list"><thead><tr><th>Task</th><th>When</th><th>State</th><th>Next times (UTC)</th><th>Last (UTC)</th><th>Kind</th><th><span class="hint">What to do</span></th></tr></thead><tbody>${schedules.map(row)}</tbody></table>
${pager({ newer: pageNumber > 1 ? link(pageNumber - 1) : undefined, older: hasMore ? link(pageNumber + 1) : undefined })}`;
}

function row(schedule: Schedule): Html {
  const words = cronInWords(schedule.cron);
  const path = `/schedules/${encodeURIComponent(schedule.id)}`;
  return html`<tr><td data-label="Task"><span><strong>${taskLink(schedule.task_id)}</strong>${schedule.external_id ? html`<br><span class="hint isolate">${schedule.external_id}</span>` : ""}</span></td>
<td data-label="When"><span>${words === schedule.cron ? "" : html`${words}<br>`}<code>${schedule.cron}</code> <span class="hint">${schedule.timezone}</span></span></td>
<td data-label="State">${schedule.active ? andon("green", "On") : andon("off", "Paused")}</td>
<td data-label="Next times">${nextTimes(schedule)}</td><td data-label="Last"><a href="/?schedule=${encodeURIComponent(schedule.id)}">${time(schedule.last_run_at) || "its runs"}</a></td>
<td data-label="Kind">${schedule.type === "DECLARATIVE" ? "in the code" : "created"}</td>
<td><span class="actions">${button(`${path}/run`, "Run now")}${schedule.active ? button(`${path}/pause`, "Pause") : button(`${path}/resume`, "Resume")}</span></td></tr>`;
}

function nextTimes(schedule: Schedule): Html | "" {
  if (!schedule.active) return "";
  const times = nextRunsAfter(schedule.cron, schedule.timezone, new Date(), upcomingCount);
  const [first, ...others] = times;
  return html`<details id="next-${schedule.id}" class="plain"><summary>${time(first)}</summary>${others.map((date) => html`${time(date)}<br>`)}</details>`;
}
