import { html } from "hono/html";
import type { Server } from "../engine/context";
import type { Schedule } from "../engine/fire-schedule";
import { describeCron } from "../present-schedule";
import type { Html } from "./layout";
import { time as moment } from "./parts";

export async function scheduleListPage(server: Server): Promise<Html> {
  const schedules = await server.db.query<Schedule>(
    "select * from schedule order by active desc, next_run_at limit 500",
  );
  return html`<h1>Schedules</h1><div data-live><div class="scroll"><table>
<thead><tr><th>Task</th><th>Cron</th><th>Timezone</th><th>Kind</th><th>Next run (UTC)</th><th>Last run (UTC)</th></tr></thead>
<tbody>${schedules.map(row)}</tbody></table></div>
${schedules.length === 0 ? html`<p class="faint">No schedules. A task made with schedules.task and a cron appears here once a worker has registered it.</p>` : ""}</div>`;
}

function row(schedule: Schedule) {
  const words = describeCron(schedule.cron);
  return html`<tr><td><a href="/?task=${encodeURIComponent(schedule.task_id)}">${schedule.task_id}</a></td>
<td><code>${schedule.cron}</code>${words === schedule.cron ? "" : html` <span class="faint">${words}</span>`}</td><td>${schedule.timezone}</td>
<td>${schedule.type === "DECLARATIVE" ? "in the code" : "created"}</td>
<td class="time">${schedule.active ? moment(schedule.next_run_at) : "paused"}</td><td class="time">${moment(schedule.last_run_at)}</td></tr>`;
}
