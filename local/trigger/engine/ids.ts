import { randomBytes } from "node:crypto";

const letters = "0123456789abcdefghijklmnopqrstuvwxyz";

/** 25 characters that begin with the time, so that ids made later sort later (to the millisecond). */
export function newId(): string {
  const random = randomBytes(16);
  let tail = "";
  for (const byte of random) tail += letters[byte % 36];
  return `c${Date.now().toString(36).padStart(8, "0")}${tail}`;
}

const prefixes = {
  run: "run_",
  batch: "batch_",
  waitpoint: "waitpoint_",
  snapshot: "snapshot_",
  worker: "worker_",
} as const;

/** The id clients see: the internal id with its kind in front. */
export function friendly(kind: keyof typeof prefixes, id: string): string {
  return prefixes[kind] + id;
}

/** The internal id behind a friendly one; anything else is returned as it is and will simply not be found. */
export function internal(kind: keyof typeof prefixes, id: string): string {
  return id.startsWith(prefixes[kind]) ? id.slice(prefixes[kind].length) : id;
}
