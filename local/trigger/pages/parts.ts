import { html, raw } from "hono/html";
import { friendly } from "../engine/ids";
import type { Run } from "../engine/run";
import { apiStatus, isFailure } from "../engine/status";
import type { Html } from "./layout";

export type Lamp = "green" | "amber" | "red" | "off";

/** The shop floor's sign: red above amber above green. The word beside it says the same. */
export function andon(lamp: Lamp, word: string, isMoving = false): Html {
  const one = (colour: Lamp, y: number) =>
    raw(
      `<rect x=".5" y="${y}" width="7" height="4"${lamp === colour ? ` class="${colour}${isMoving ? " on" : ""}"` : ""}/>`,
    );
  return html`<span class="andon"><svg width="8" height="15" viewBox="0 0 8 15" aria-hidden="true">${one("red", 0.5)}${one("amber", 5.5)}${one("green", 10.5)}</svg>${word}</span>`;
}

const words: Record<string, string> = {
  QUEUED: "Queued",
  DELAYED: "Delayed",
  DEQUEUED: "Starting",
  EXECUTING: "Running",
  COMPLETED: "Completed",
  FAILED: "Failed",
  CRASHED: "Crashed",
  CANCELED: "Canceled",
  TIMED_OUT: "Timed out",
  EXPIRED: "Expired",
  SYSTEM_FAILURE: "System failure",
};

export const statusNames = Object.keys(words);
export const statusWord = (name: string) => words[name] ?? name;

export function lampOf(status: string): Lamp {
  if (status === "EXECUTING" || status === "COMPLETED") return "green";
  if (status === "CANCELED") return "off";
  return ["QUEUED", "DELAYED", "DEQUEUED"].includes(status) ? "amber" : "red";
}

export function runSign(run: Pick<Run, "status" | "execution_status">): Html {
  const name = apiStatus(run.status);
  if (run.execution_status === "PENDING_CANCEL") return andon("amber", "Canceling");
  if (run.execution_status === "EXECUTING_WITH_WAITPOINTS") return andon("amber", "Waiting");
  return andon(isFailure(run.status) ? "red" : lampOf(name), statusWord(name), name === "EXECUTING");
}

/** A moment as `2026-01-31 09:05:07`, in UTC; its title has the rest. */
export function time(date: Date | null | undefined): Html | "" {
  if (!date) return "";
  const iso = date.toISOString();
  return html`<time class="figure" datetime="${iso}" title="${iso.replace("T", " ").replace("Z", "")} UTC">${iso.slice(0, 19).replace("T", " ")}</time>`;
}

export function duration(ms: number): string {
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1_000)} s`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1_440)} days`;
}

export function took(run: Pick<Run, "started_at" | "completed_at">): string {
  if (!run.started_at) return "";
  return duration(Math.max(0, (run.completed_at ?? new Date()).getTime() - run.started_at.getTime()));
}

export function runLink(internalId: string, isShort = false): Html {
  const id = friendly("run", internalId);
  return html`<a class="id" href="/runs/${id}" title="${id}">${isShort ? `…${id.slice(-8)}` : id}</a>`;
}

/**
 * Text of somebody else. Characters that turn the direction of everything after them are written out, so that nobody
 * reads something else than is there.
 */
export function shown(text: string): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);
}

/** A tag; it leads to all runs that have it. */
export function tagLink(tag: string): Html {
  return html`<a class="tag" href="/?tag=${encodeURIComponent(tag)}">${shown(tag)}</a>`;
}

export const taskLink = (task: string) =>
  html`<a class="isolate" href="/tasks/${encodeURIComponent(task)}">${shown(task)}</a>`;
export const queueLink = (queue: string) =>
  html`<a class="isolate" href="/queues/${encodeURIComponent(queue)}">${queue}</a>`;

export function facts(pairs: [name: string, value: Html | string | number][]): Html {
  const shown = pairs.filter(([, value]) => value !== "");
  return html`<dl class="facts">${shown.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

export function empty(title: string, text: Html | string): Html {
  return html`<div class="empty"><strong>${title}</strong>${text}</div>`;
}

/** A button that changes something: a form of its own, so that it works without a script. */
export function button(action: string, label: string, fields: Record<string, string> = {}): Html {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form class="inline" method="post" action="${action}">${hidden}<button>${label}</button></form>`;
}

export function pager(links: { newer: string | undefined; older: string | undefined }): Html | "" {
  if (!links.newer && !links.older) return "";
  return html`<nav class="pager" aria-label="More">${links.newer ? html`<a href="${links.newer}" rel="prev">Newer</a>` : ""}${links.older ? html`<a href="${links.older}" rel="next">Older</a>` : ""}</nav>`;
}

export const option = (value: string, chosen: string, label = value) =>
  html`<option value="${value}"${value === chosen ? raw(" selected") : ""}>${label}</option>`;

export const hiddenFields = (fields: Iterable<[string, string]>) =>
  [...fields].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);

export function refusalBox(message: string): Html {
  return html`<div class="refusal" role="alert">${message}</div>`;
}
