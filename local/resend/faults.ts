import { setTimeout as delay } from "node:timers/promises";
import { bareAddress } from "./addresses";
import { ResendError } from "./errors";

/** A failure of the next sends. `drop-after` accepts the mail, then closes the connection without an answer. */
export const faultKinds = ["error", "rate-limit", "drop-before", "drop-after", "delay"] as const;
export type FaultKind = (typeof faultKinds)[number];
export type PlannedFault = { kind: FaultKind; count: number; delayMs: number };

export type Drop = "before" | "after" | undefined;

/** Faults that a test plans, and those a person meets by the name before the @ of a recipient (README.md lists them). */
export function createFaults() {
  let planned: PlannedFault[] = [];
  const met = new Set<string>();

  const meet = async (kind: FaultKind, delayMs: number): Promise<Drop> => {
    switch (kind) {
      case "error":
        throw new ResendError("internal_server_error", "An unexpected error occurred.");
      case "rate-limit":
        throw new ResendError(
          "rate_limit_exceeded",
          "Too many requests. Please limit the number of requests per second.",
        );
      case "drop-before":
        return "before";
      case "drop-after":
        return "after";
      case "delay":
        await delay(delayMs);
        return undefined;
    }
  };

  return {
    plan: (fault: PlannedFault) => void planned.push(fault),
    clear() {
      planned = [];
      met.clear();
    },
    /** Uses up one planned fault, if any. */
    async meetPlanned(): Promise<Drop> {
      const next = planned[0];
      if (!next) return undefined;
      next.count--;
      if (next.count <= 0) planned.shift();
      return meet(next.kind, next.delayMs);
    },
    /** The fault of the first recipient that has one. Those marked once happen once per address, so a retry gets through. */
    async meetByAddress(recipients: string[]): Promise<Drop> {
      for (const recipient of recipients) {
        const address = bareAddress(recipient);
        const fault = byName.find(({ name }) => address.split("@")[0]?.split("+")[0] === name);
        if (!fault || (fault.once && met.has(address))) continue;
        met.add(address);
        return meet(fault.kind, 3000);
      }
      return undefined;
    },
  };
}

const byName: { name: string; kind: FaultKind; once: boolean }[] = [
  { name: "server-error", kind: "error", once: true },
  { name: "always-server-error", kind: "error", once: false },
  { name: "rate-limited", kind: "rate-limit", once: true },
  { name: "drop-before", kind: "drop-before", once: true },
  { name: "drop-after", kind: "drop-after", once: true },
  { name: "slow-answer", kind: "delay", once: false },
];

export type Faults = ReturnType<typeof createFaults>;
