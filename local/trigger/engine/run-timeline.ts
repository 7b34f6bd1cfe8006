import type { Snapshot } from "./snapshots";

export type Phase = "delayed" | "queued" | "starting" | "working" | "waiting" | "pausing" | "cancelling";
/** What a run did from one moment (in milliseconds since 1970) until another; without an end it still does. */
export type Segment = { phase: Phase; from: number; to: number | undefined };
export type TimelineRow = { label: string; attempt: number | undefined; segments: Segment[] };

/** The life of a run by its snapshots: what came before each attempt, and each attempt with its waits. */
export function timelineOf(snapshots: Snapshot[]): TimelineRow[] {
  const rows: TimelineRow[] = [];
  for (const [index, snapshot] of snapshots.entries()) {
    const phase = phaseOf(snapshot, snapshots[index - 1]);
    if (!phase) continue;
    const segment = { phase, from: snapshot.created_at.getTime(), to: snapshots[index + 1]?.created_at.getTime() };
    const { label, attempt } = placeOf(phase, snapshot, snapshots[index + 1]);
    const last = rows.at(-1);
    if (last && last.label === label && last.attempt === attempt) last.segments.push(segment);
    else rows.push({ label, attempt, segments: [segment] });
  }
  return rows;
}

function phaseOf({ execution_status, attempt_number }: Snapshot, previous: Snapshot | undefined): Phase | undefined {
  switch (execution_status) {
    case "DELAYED":
      return "delayed";
    case "QUEUED":
      return attempt_number > 0 ? "pausing" : "queued";
    case "PENDING_EXECUTING":
      return "starting";
    case "EXECUTING":
      // An attempt that failed stays with its worker until the next one begins.
      return previous?.execution_status === "EXECUTING" && previous.attempt_number === attempt_number
        ? "pausing"
        : "working";
    case "EXECUTING_WITH_WAITPOINTS":
      return "waiting";
    case "PENDING_CANCEL":
      return "cancelling";
    case "FINISHED":
      return undefined;
  }
}

function placeOf(phase: Phase, { attempt_number }: Snapshot, next: Snapshot | undefined) {
  if (phase === "delayed") return { label: "Delay", attempt: undefined };
  if (phase === "queued" || (phase === "starting" && attempt_number === 0))
    return { label: "Queue", attempt: undefined };
  if (phase === "pausing" || phase === "starting")
    return { label: `Pause before attempt ${attempt_number + 1}`, attempt: undefined };
  const attempt = Math.max(attempt_number, next?.attempt_number ?? 0, 1);
  return { label: `Attempt ${attempt_number || attempt}`, attempt: attempt_number || attempt };
}
