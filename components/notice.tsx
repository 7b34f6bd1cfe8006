import type { ReactNode } from "react";
import { StatusLight, type Tone } from "./status-light";

/** A sentence about what just happened, read aloud when it appears. */
export function Notice({
  tone,
  children,
}: {
  tone: Extract<Tone, "good" | "waiting" | "stopped">;
  children: ReactNode;
}) {
  return (
    <div
      role={tone === "stopped" ? "alert" : "status"}
      className="flex items-start gap-3 border border-line-strong bg-plate px-3 py-2.5 text-sm"
    >
      <StatusLight tone={tone} />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}
