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
} satisfies Record<string, ImportStatus[]>;

export const statesUnderWay: ImportStatus[] = ["queued", "running"];

/** True while there is something to watch or to stop. */
export function isUnderWay(status: ImportStatus): boolean {
  return statesUnderWay.includes(status);
}
