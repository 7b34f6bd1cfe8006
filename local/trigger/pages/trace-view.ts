import { html, raw } from "hono/html";
import type { Segment, TimelineRow } from "../engine/run-timeline";
import type { LogLine, Span, Trace } from "../traces/read-trace";
import { type Axis, type Bar, bars, ruler } from "./bars";
import type { Html } from "./layout";
import { duration, shown } from "./parts";

type Entry = { kind: "span"; span: Span; depth: number } | { kind: "log"; log: LogLine; depth: number };

const looks = {
  delayed: "idle",
  queued: "idle",
  starting: "idle",
  working: "work",
  waiting: "wait",
  pausing: "idle",
  cancelling: "stop",
} as const;
const phaseWords = {
  delayed: "delayed",
  queued: "queued",
  starting: "starting",
  working: "working",
  waiting: "waiting",
  pausing: "pause before the next attempt",
  cancelling: "canceling",
};
const depthMax = 12;

/** The waterfall: attempts and waits by the engine, spans and log lines by the task, on one time axis. */
export function traceView(rows: TimelineRow[], trace: Trace, now: number, isOver: boolean): Html {
  const axis = axisOf(rows, trace, now, isOver);
  const end = isOver ? axis.to : now;
  const { attempts, entriesUnder, rest } = treeOf(trace);
  const show = (entries: Entry[]) =>
    entries.map((entry) =>
      entry.kind === "span"
        ? spanLine(entry.span, entry.depth, axis, end, isOver)
        : logLine(entry.log, entry.depth, axis),
    );
  const shown = new Set<string>();
  const lines = rows.map((row) => {
    const span = row.attempt && !shown.has(row.label) ? attempts.get(row.label) : undefined;
    shown.add(row.label);
    return html`${timelineLine(row, span, axis, end)}${span ? show(entriesUnder(span.id)) : ""}`;
  });
  const unplaced = [...attempts.values()].filter((span) => !shown.has(span.name));
  lines.push(
    html`${show(rest())}${unplaced.map((span) => html`${spanLine(span, 0, axis, end, isOver)}${show(entriesUnder(span.id))}`)}`,
  );
  return html`<div class="trace">
<div class="line axis-line"><span class="hint">from the beginning</span><span class="axis">${ruler(axis)}</span><span class="hint took">took</span></div>
${lines}</div>
<p class="key"><span>${swatch("work")} working</span><span>${swatch("wait")} waiting</span><span>${swatch("idle")} not started or paused</span><span>${swatch("span")} span of the trace</span><span>${swatch("stop")} failed</span></p>
${trace.isCut ? html`<p class="hint">The trace is longer: its beginning is shown.</p>` : ""}
${trace.spans.length + trace.logs.length === 0 ? html`<p class="hint">No trace and no log lines ${isOver ? "came" : "yet"}: a run's process sends them while it works.</p>` : ""}`;
}

const swatch = (look: string) =>
  raw(
    `<svg class="bars" width="10" height="10" aria-hidden="true"><rect class="${look}" width="10" height="10"/></svg>`,
  );

function axisOf(rows: TimelineRow[], trace: Trace, now: number, isOver: boolean): Axis {
  const segments = rows.flatMap((row) => row.segments);
  const from = Math.min(...segments.map((segment) => segment.from), now);
  const ends = segments.map((segment) => segment.to ?? (isOver ? segment.from : now));
  // A clock that is wrong, or a span that outlives its run by days, must not make everything else invisible.
  const limit = Math.max(...ends, from + 1) + 60_000;
  const spanEnds = trace.spans
    .map((span) => (span.started_us + (span.duration_us ?? 0)) / 1_000)
    .filter((at) => at < limit);
  return { from, to: Math.max(...ends, ...spanEnds, from + 1) };
}

function timelineLine(row: TimelineRow, span: Span | undefined, axis: Axis, end: number): Html {
  const length = (segment: Segment) => (segment.to ?? end) - segment.from;
  const list = row.segments.map((segment, index): Bar => {
    const title = `${phaseWords[segment.phase]} ${duration(length(segment))}`;
    const isFailure = Boolean(span?.error) && index === row.segments.length - 1;
    return {
      from: segment.from,
      to: segment.to ?? end,
      look: isFailure ? "stop" : looks[segment.phase],
      isOpen: segment.to === undefined,
      title,
    };
  });
  const total = row.segments.reduce((sum, segment) => sum + length(segment), 0);
  return line({
    id: `attempt${row.attempt ?? ""}`,
    name: html`<span>${row.attempt ? html`<strong>${row.label}</strong>` : row.label}${failed(span?.error)}</span>`,
    bar: bars(axis, list),
    took: duration(total),
    more: [span?.error, prettyAttributes(span?.attributes)],
  });
}

function spanLine(span: Span, depth: number, axis: Axis, end: number, isOver: boolean): Html {
  const from = span.started_us / 1_000;
  const isOpen = span.duration_us === null;
  // An open span of a run that is over was cut off: nobody knows where.
  const to = span.duration_us === null ? (isOver ? from : end) : from + span.duration_us / 1_000;
  const took = span.duration_us === null ? (isOver ? "cut off" : "…") : duration(span.duration_us / 1_000);
  const look = span.error ? "stop" : span.icon === "wait" ? "wait" : "span";
  const [name, label] = [shown(span.name), shown(span.label ?? "")];
  return line({
    id: `s${span.id}`,
    name: html`${indent(depth)}<span title="${name} ${label}">${name}${label ? html` <span class="faint">${label}</span>` : ""}${failed(span.error)}</span>`,
    bar: bars(axis, [{ from, to, look, isOpen, title: `${name} ${took}` }]),
    took,
    more: [span.error, prettyAttributes(span.attributes)],
  });
}

function logLine(log: LogLine, depth: number, axis: Axis): Html {
  const level = log.level >= 17 ? "error" : log.level >= 13 ? "warn" : log.level >= 9 ? "info" : "debug";
  const at = log.at_us / 1_000;
  return line({
    id: `l${log.at_us}${log.hash}`,
    name: html`${indent(depth)}<span class="level ${level}">${level}</span><span class="text">${shown(log.message)}</span>`,
    took: html`<span title="${new Date(at).toISOString()}">+${duration(Math.max(0, at - axis.from))}</span>`,
    more: [prettyAttributes(log.attributes)],
  });
}

type Line = { id: string; name: Html; bar?: Html; took: Html | string; more: (string | null | undefined)[] };

/** One line of the waterfall; one that has more to say unfolds. */
function line({ id, name, bar, took, more }: Line): Html {
  const texts = more.filter((text) => text !== null && text !== undefined && text !== "");
  const look = `line${bar !== undefined ? "" : " log"}`;
  const content = html`<span class="name">${name}</span>${bar ?? ""}<span class="figure took">${took}</span>`;
  if (texts.length === 0) return html`<div class="${look}">${content}</div>`;
  return html`<details id="${id}"><summary class="${look} more">${content}</summary>${texts.map((text) => html`<pre tabindex="0">${shown(text ?? "")}</pre>`)}</details>`;
}

const failed = (error: string | null | undefined) => (error ? html` <span class="bad">failed</span>` : "");

const indent = (depth: number) =>
  depth === 0
    ? ""
    : raw(
        `<svg class="depth" width="${depth * 12}" height="14" aria-hidden="true"><path d="M${depth * 12 - 7} 0v8h6"/></svg>`,
      );

function prettyAttributes(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

type Item = { at: number; span?: Span; log?: LogLine };

/** Spans below their parents, log lines in their span, all in the order of time. Attempts stand in the engine's own lines. */
function treeOf({ spans, logs }: Trace) {
  const attempts = new Map(spans.filter((span) => span.icon === "attempt").map((span) => [span.name, span]));
  const known = new Set(spans.map((span) => span.id));
  const under = new Map<string, Item[]>();
  const put = (parent: string | null, item: Item) => {
    const key = parent !== null && known.has(parent) ? parent : "";
    const items = under.get(key);
    if (items) items.push(item);
    else under.set(key, [item]);
  };
  for (const span of spans) if (attempts.get(span.name) !== span) put(span.parent_id, { at: span.started_us, span });
  for (const log of logs) put(log.span_id, { at: log.at_us, log });
  const seen = new Set<string>();
  const entriesUnder = (key: string, depth = 1): Entry[] =>
    (under.get(key) ?? [])
      .sort((a, b) => a.at - b.at)
      .flatMap(({ span, log }): Entry[] => {
        if (log) return [{ kind: "log", log, depth: Math.min(depth, depthMax) }];
        if (!span || seen.has(span.id)) return [];
        seen.add(span.id);
        return [{ kind: "span", span, depth: Math.min(depth, depthMax) }, ...entriesUnder(span.id, depth + 1)];
      });
  return { attempts, entriesUnder, rest: () => entriesUnder("", 0) };
}
