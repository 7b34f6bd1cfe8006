/** What the andon light says: at work, all well, somebody or something is awaited, stopped, or nothing to say. */
export type Tone = "running" | "good" | "waiting" | "stopped" | "off";

const lampOf: Record<Tone, "red" | "amber" | "green" | undefined> = {
  running: "green",
  good: "green",
  waiting: "amber",
  stopped: "red",
  off: undefined,
};

const lamps = [
  { lamp: "red", y: 2, fill: "fill-lamp-red" },
  { lamp: "amber", y: 8, fill: "fill-lamp-amber" },
  { lamp: "green", y: 14, fill: "fill-lamp-green" },
] as const;

/**
 * The shop floor's own sign: a stack of three lamps, the same for an order, a run, an import and a report. It only
 * repeats what the words beside it say, so it is hidden from screen readers.
 */
export function StatusLight({ tone, large = false }: { tone: Tone; large?: boolean }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 10 24"
      className={`inline-block shrink-0 ${large ? "h-9 w-[15px]" : "h-[1.35em] w-[0.5625em]"}`}
      data-tone={tone}
    >
      <path d="M5 20v2M2 23h6" className="stroke-ink" strokeWidth="1.5" fill="none" />
      {lamps.map(({ lamp, y, fill }) => {
        const lit = lampOf[tone] === lamp;
        const motion = lit && tone === "running" ? "lamp-running" : "";
        return (
          <rect
            key={lamp}
            x="1"
            y={y}
            width="8"
            height="5"
            rx="0.75"
            strokeWidth="0.75"
            className={`${lit ? fill : "fill-lamp-off"} ${motion} ${lit ? "stroke-ink/60" : "stroke-line-strong/60"}`}
          />
        );
      })}
    </svg>
  );
}

/** The light with the words it stands for. */
export function Status({ tone, children }: { tone: Tone; children: React.ReactNode }) {
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <StatusLight tone={tone} />
      {children}
    </span>
  );
}
