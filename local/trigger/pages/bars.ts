import { html, raw } from "hono/html";
import type { Html } from "./layout";

/** One time axis for everything on a run's page, in milliseconds since 1970. */
export type Axis = { from: number; to: number };
/** What a bar says by its colour; `open` when it has not ended. */
export type Bar = {
  from: number;
  to: number;
  look: "work" | "wait" | "idle" | "stop" | "span";
  isOpen?: boolean;
  title: string;
};

const percent = (value: number) => `${Math.min(100, Math.max(0, value)).toFixed(3)}%`;

/** Bars on the axis. Drawn with attributes: the pages allow no inline style. */
export function bars(axis: Axis, list: Bar[]): Html {
  const length = axis.to - axis.from;
  return html`<svg class="bars" role="img" aria-label="${list.map((bar) => bar.title).join("; ")}" height="14">${ticks(
    axis,
  ).map((tick) => html`<line class="tick" x1="${tick.x}" x2="${tick.x}" y1="-4" y2="18"/>`)}${list.map((bar) => {
    const x = ((bar.from - axis.from) / length) * 100;
    const width = ((bar.to - bar.from) / length) * 100;
    return html`<rect class="${bar.look}${bar.isOpen ? " open" : ""}" x="${percent(Math.min(x, 99.8))}" width="${percent(Math.min(Math.max(width, 0.2), 100 - Math.min(x, 99.8)))}" y="2" height="10"><title>${bar.title}</title></rect>`;
  })}</svg>`;
}

/** The ruler above the bars. */
export function ruler(axis: Axis): Html {
  return html`<svg aria-hidden="true" height="20">${ticks(axis).map(
    (tick) =>
      html`<line x1="${tick.x}" x2="${tick.x}" y1="12" y2="20"/><text x="${tick.x}" y="9"${raw(tick.isFirst ? "" : ' text-anchor="middle"')}>${tick.label}</text>`,
  )}<line x1="0" x2="100%" y1="19.5" y2="19.5"/></svg>`;
}

const steps = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 216e5,
  432e5, 864e5, 1728e5, 6048e5,
];

function ticks(axis: Axis) {
  const length = axis.to - axis.from;
  const step = steps.find((one) => length / one <= 5) ?? length / 5;
  const count = Math.min(8, Math.floor(length / step));
  const all = Array.from({ length: count + 1 }, (_, index) => index * step);
  return all
    .filter((ms) => ms / length < 0.97)
    .map((ms) => ({ isFirst: ms === 0, x: percent((ms / length) * 100), label: labelOf(ms) }));
}

function labelOf(ms: number): string {
  if (ms === 0) return "0";
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 60_000) return `${ms / 1_000} s`;
  if (ms < 3_600_000) return `${ms / 60_000} min`;
  if (ms < 86_400_000) return `${ms / 3_600_000} h`;
  return `${ms / 86_400_000} d`;
}
