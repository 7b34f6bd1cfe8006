import { type Context, Hono } from "hono";
import { html } from "hono/html";
import type { Server } from "../../engine/context";
import { friendly, internal } from "../../engine/ids";
import { toPlainJson } from "../../engine/packets";
import {
  defaultValues,
  type Field,
  fieldsOf,
  type Problems,
  parseJson,
  payloadFrom,
  valuesOf,
} from "../../engine/payload-form";
import { Refusal } from "../../engine/refusal";
import { findRunView } from "../../engine/run-view";
import { findNewestWorker, findTaskView, listTasks, recentPayloads, type TaskView } from "../../engine/task-list";
import { type OptionValues, optionNames, optionsFrom, scheduledFields, startTestRun } from "../../engine/test-run";
import { page } from "../../pages/layout";
import { taskListPart } from "../../pages/task-list";
import { type TestForm, taskPage } from "../../pages/task-page";
import { formOf, notFound, sameOrigin } from "./guards";

/** The tasks, and a page to try each of them. */
export function taskRoutes(server: Server): Hono {
  const { db } = server;
  const app = new Hono();

  app.get("/tasks", async (c) => {
    const [tasks, worker] = await Promise.all([listTasks(db), findNewestWorker(db)]);
    const live = { url: "/live/floor", body: taskListPart(tasks, worker) };
    return page(c, { title: "Tasks", at: "tasks", body: html`<h1>Tasks</h1>`, live });
  });

  app.get("/tasks/:task", async (c) => {
    const task = await findTaskView(db, c.req.param("task"));
    if (!task) return notFound(c, "tasks", "task in the newest version");
    const fields = formFields(task);
    const from = c.req.query("from");
    const form = from ? await formFromRun(server, internal("run", from), fields) : emptyForm(fields);
    return show(c, server, task, fields, form);
  });

  app.post("/tasks/:task", sameOrigin, async (c) => {
    const task = await findTaskView(db, c.req.param("task"));
    if (!task) return notFound(c, "tasks", "task in the newest version");
    const fields = formFields(task);
    const sent = await formOf(c);
    const { form, json } = readForm(sent, fields);
    if (sent.get("do") !== "run") return show(c, server, task, fields, switched(form, json, fields));
    const { options, problems } = optionsFrom(form.options);
    for (const [name, problem] of problems) form.problems.set(name, problem);
    if (form.problems.size > 0) return show(c, server, task, fields, form, 422);
    try {
      const run = await startTestRun(server, task, json, options);
      return c.redirect(`/runs/${friendly("run", run.id)}`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return show(c, server, task, fields, { ...form, refusal: error.message }, error.status);
    }
  });
  return app;
}

const formFields = (task: TaskView) =>
  task.trigger_source === "schedule" ? scheduledFields(task) : fieldsOf(task.payload_schema);

async function show(
  c: Context,
  { db }: Server,
  task: TaskView,
  fields: Field[] | undefined,
  form: TestForm,
  status?: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 500 | 501,
) {
  const body = taskPage(task, fields, form, await recentPayloads(db, task.task_id));
  return page(c, { title: task.task_id, at: "tasks", body, ...(status ? { status } : {}) });
}

function emptyForm(fields: Field[] | undefined): TestForm {
  const values = fields ? defaultValues(fields) : new Map<string, string>();
  return {
    mode: fields ? "form" : "raw",
    values,
    text: fields ? "" : "{}",
    options: { isTest: true },
    problems: new Map(),
    refusal: undefined,
  };
}

/** A form filled with the payload and settings of a run. */
async function formFromRun({ db }: Server, id: string, fields: Field[] | undefined): Promise<TestForm> {
  const run = await findRunView(db, id);
  const form = emptyForm(fields);
  if (!run) return { ...form, refusal: "The run to start from is not there any more." };
  const options: OptionValues = {
    isTest: run.is_test,
    tags: run.tags.join(", "),
    concurrencyKey: run.concurrency_key ?? "",
    queue: run.queue === `task/${run.task_id}` ? "" : run.queue,
    maxAttempts: run.max_attempts === null ? "" : String(run.max_attempts),
    priority: run.priority_ms === 0 ? "" : String(run.priority_ms / 1_000),
  };
  if (run.payload === null) return { ...form, mode: "raw", text: "", options };
  if (run.payload_type === "application/store" || (run.payload_bytes ?? 0) > Buffer.byteLength(run.payload))
    return {
      ...form,
      options,
      refusal: "That payload is too large to be edited here. The run can be replayed as it is.",
    };
  const payload = toPlainJson(run.payload, run.payload_type);
  const values = fields ? valuesOf(fields, payload) : undefined;
  if (values) return { ...form, mode: "form", values, options };
  return { ...form, mode: "raw", text: JSON.stringify(payload, null, 2) ?? "", options };
}

function readForm(sent: URLSearchParams, fields: Field[] | undefined): { form: TestForm; json: string } {
  const options: OptionValues = { isTest: sent.get("o-test") === "yes" };
  for (const name of optionNames) options[name] = (sent.get(`o-${name}`) ?? "").trim();
  const text = sent.get("payload") ?? "";
  const problems: Problems = new Map();
  if (sent.get("mode") === "form" && fields) {
    const values = new Map(
      [...sent].filter(([name]) => name.startsWith("p/")).map(([name, value]) => [name.slice(1), value]),
    );
    const read = payloadFrom(fields, values);
    return {
      form: { mode: "form", values, text, options, problems: read.problems, refusal: undefined },
      json: JSON.stringify(read.payload),
    };
  }
  const { problem } = text.trim() === "" ? {} : parseJson(text);
  if (problem) problems.set("payload", problem);
  return { form: { mode: "raw", values: new Map(), text, options, problems, refusal: undefined }, json: text.trim() };
}

/** The same payload in the other way of editing; what can not be shown there stays where it is. */
function switched(form: TestForm, json: string, fields: Field[] | undefined): TestForm {
  if (form.mode === "form")
    return { ...form, mode: "raw", text: JSON.stringify(JSON.parse(json), null, 2), problems: new Map() };
  if (form.problems.size > 0 || !fields) return form;
  const values = valuesOf(fields, json === "" ? {} : JSON.parse(json));
  if (values) return { ...form, mode: "form", values };
  return { ...form, refusal: "This payload has parts that the form does not know. It can be sent as it is." };
}
