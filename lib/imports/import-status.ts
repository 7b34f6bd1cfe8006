import type { ImportStatus } from "@/lib/db/generated/client";

/** In which state an import may do what. Guards and buttons read the same table. */
export const allowedFrom = {
  queue: ["uploading"],
  /** Running again continues after the last rows that are stored: after a crash, or a failure that somebody mended. */
  run: ["queued", "running", "failed"],
  progress: ["running"],
  complete: ["running"],
  fail: ["queued", "running"],
  cancel: ["uploading", "queued", "running"],
  /** A dry run is imported. */
  apply: ["completed"],
  /** It can still be said which column of its file says what: where nothing of it is stored. */
  map: ["uploading", "failed", "completed", "cancelled"],
  /** What it changed is put back; asked for again where the runs that did it have given up. */
  undo: ["completed", "failed", "cancelled", "undoing"],
  putBack: ["undoing"],
  /** Its refused rows are tried again by another import. */
  retry: ["completed", "failed", "cancelled"],
} satisfies Record<string, ImportStatus[]>;

export const statesUnderWay: ImportStatus[] = ["queued", "running", "undoing"];

/** True while there is something to watch or to stop. */
export function isUnderWay(status: ImportStatus): boolean {
  return statesUnderWay.includes(status);
}

/** True for a retry that does not stand in the way of another one. */
export function isBrokenOff(status: ImportStatus): boolean {
  return status === "failed" || status === "cancelled" || status === "undoing" || status === "undone";
}
