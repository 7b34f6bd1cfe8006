import { TriggerTaskRequestBody } from "@trigger.dev/core/v3/schemas";
import superjson from "superjson";
import type { Server } from "./context";
import { nextRunsAfter } from "./cron";
import { durationMs, momentFrom } from "./durations";
import type { TriggerOptions } from "./new-run";
import type { Field, Problems } from "./payload-form";
import { Refusal } from "./refusal";
import type { Run } from "./run";
import type { TaskView } from "./task-list";
import { triggerRun } from "./trigger-run";

/** The options a person can set, by the names of their fields, as typed. */
export const optionNames = [
  "delay",
  "ttl",
  "tags",
  "queue",
  "concurrencyKey",
  "idempotencyKey",
  "machine",
  "maxAttempts",
  "maxDuration",
  "priority",
] as const;
export type OptionValues = Partial<Record<(typeof optionNames)[number], string>> & { isTest: boolean };

/** The options a form means, and what is wrong with them, by field. */
export function optionsFrom(values: OptionValues): { options: TriggerOptions; problems: Problems } {
  const problems: Problems = new Map();
  const number = (name: "maxAttempts" | "maxDuration" | "priority") => {
    const text = values[name];
    if (!text) return undefined;
    if (Number.isFinite(Number(text)) && Number(text) >= 0) return Number(text);
    problems.set(name, `"${text}" is not a number.`);
    return undefined;
  };
  if (values.delay && !momentFrom(values.delay, new Date()))
    problems.set("delay", "Use for example 10m, 2h, or a date like 2026-01-31T09:00Z.");
  if (values.ttl && durationMs(values.ttl) === undefined) problems.set("ttl", "Use for example 10m or 2h.");
  const tags = (values.tags ?? "")
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
  const wanted = {
    delay: values.delay || undefined,
    ttl: values.ttl || undefined,
    tags: tags.length > 0 ? tags : undefined,
    queue: values.queue ? { name: values.queue } : undefined,
    concurrencyKey: values.concurrencyKey || undefined,
    idempotencyKey: values.idempotencyKey || undefined,
    machine: values.machine || undefined,
    maxAttempts: number("maxAttempts"),
    maxDuration: number("maxDuration"),
    priority: number("priority"),
    test: values.isTest,
  };
  const parsed = TriggerTaskRequestBody.safeParse({ options: wanted });
  if (parsed.success) return { options: parsed.data.options ?? {}, problems };
  for (const issue of parsed.error.issues) problems.set(String(issue.path[1] ?? "options"), issue.message);
  return { options: {}, problems };
}

/** Starts a run as code would, with a payload in JSON. */
export async function startTestRun(
  server: Server,
  task: TaskView,
  json: string,
  options: TriggerOptions,
): Promise<Pick<Run, "id">> {
  const isScheduled = task.trigger_source === "schedule";
  const { run } = await triggerRun(server, {
    taskId: task.task_id,
    payload: json.trim() === "" ? undefined : isScheduled ? scheduledPayload(task, JSON.parse(json)) : json,
    options: { ...options, payloadType: isScheduled ? "application/super+json" : "application/json" },
    source: "dashboard",
  });
  return run;
}

const field = (
  label: string,
  kind: Field["kind"],
  isRequired: boolean,
  description: string,
  fallback?: string,
): Field => ({
  name: `/${label}`,
  label,
  kind,
  isRequired,
  isNullable: false,
  description,
  choices: [],
  min: undefined,
  max: undefined,
  fallback,
  children: [],
});

/** What a scheduled task is given, as fields. */
export function scheduledFields(task: TaskView): Field[] {
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  return [
    field("timestamp", "datetime", true, "When the run was due, in UTC.", now),
    field("lastTimestamp", "datetime", false, "When it ran before."),
    field("timezone", "text", true, "The timezone of the schedule.", task.timezone ?? "UTC"),
    field("scheduleId", "text", true, "The schedule's id.", "sched_test"),
    field("externalId", "text", false, "What your code calls it."),
  ];
}

const upcomingCount = 10;

/** The payload of a scheduled run: its dates are dates, and the next times are worked out. */
function scheduledPayload(task: TaskView, value: unknown): string {
  if (typeof value !== "object" || value === null) return superjson.stringify(value);
  const given = value as Record<string, unknown>;
  const dates = Object.fromEntries(
    ["timestamp", "lastTimestamp"]
      .filter((name) => typeof given[name] === "string")
      .map((name) => [name, dateOf(name, given[name])]),
  );
  const upcoming = Array.isArray(given.upcoming)
    ? given.upcoming.map((one) => dateOf("upcoming", one))
    : task.cron === null
      ? []
      : nextRunsAfter(task.cron, task.timezone ?? "UTC", dates.timestamp ?? new Date(), upcomingCount);
  return superjson.stringify({ type: "IMPERATIVE", ...given, ...dates, upcoming });
}

function dateOf(name: string, value: unknown): Date {
  const date = new Date(String(value));
  if (Number.isNaN(date.getTime())) throw new Refusal(400, `"${name}" is "${String(value)}", which is not a date.`);
  return date;
}
