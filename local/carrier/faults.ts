import { setTimeout as delay } from "node:timers/promises";
import { CarrierError } from "./wire";

/** A failure of the next calls. `drop-after` does the work, then closes the connection without an answer. */
export const faultKinds = ["error", "down", "rate-limit", "drop-before", "drop-after", "delay"] as const;
export type FaultKind = (typeof faultKinds)[number];
export type PlannedFault = { kind: FaultKind; count: number; delayMs: number };

export type Drop = "before" | "after" | undefined;

const retryAfterSeconds = 2;
const slowMs = 3_000;

/** Faults that a test plans, and those a person meets by words in the street of an address (README.md lists them). */
export function createFaults() {
  let planned: PlannedFault[] = [];
  const met = new Set<string>();

  const meet = async (kind: FaultKind, delayMs: number): Promise<Drop> => {
    switch (kind) {
      case "error":
        throw new CarrierError("internal_error", "Something went wrong on our side.");
      case "down":
        throw new CarrierError("unavailable", "The service is down for maintenance.");
      case "rate-limit":
        throw new CarrierError("rate_limited", "Too many requests.", retryAfterSeconds);
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
    /** Those marked once happen once per parcel, so a retry gets through. */
    async meetByStreet(reference: string, street: string): Promise<Drop> {
      const fault = byStreet.find(({ words }) => street.toLowerCase().includes(words));
      if (!fault || (fault.once && met.has(reference))) return undefined;
      met.add(reference);
      return meet(fault.kind, slowMs);
    },
  };
}

const byStreet: { words: string; kind: FaultKind; once: boolean }[] = [
  { words: "carrier down", kind: "down", once: false },
  { words: "carrier fails", kind: "error", once: true },
  { words: "carrier busy", kind: "rate-limit", once: true },
  { words: "carrier slow", kind: "delay", once: false },
  { words: "drop before", kind: "drop-before", once: true },
  { words: "drop after", kind: "drop-after", once: true },
];

export type Faults = ReturnType<typeof createFaults>;
