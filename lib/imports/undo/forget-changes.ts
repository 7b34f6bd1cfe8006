import { db } from "@/lib/db/client";
import { log } from "@/lib/log";
import { allowedFrom } from "../import-status";
import { undoDays } from "./undo-days";

const dayMs = 24 * 60 * 60 * 1_000;
/** So many go in one statement: it holds up nobody, and a sweep that is stopped has lost little. */
const stepSize = 2_000;

/**
 * Forgets what imports changed that ended more than `undoDays` ago: they cannot be undone any more. One that is being
 * undone keeps what it has yet to put back. So is forgotten what dry runs came by that did not come to their end. May be
 * repeated, and stopped at any moment: the next one goes on.
 */
export async function forgetChanges({ now }: { now: Date }): Promise<{ imports: number; changes: number }> {
  const before = new Date(now.getTime() - undoDays * dayMs);
  // First it is said, under the lock that whoever asks for an undo takes too, and then done.
  const imports = await db().$executeRaw`
    update import set changes_forgotten_at = ${now}
    where status::text = any(${endings}) and finished_at < ${before}
      and changes_forgotten_at is null and exists (select 1 from import_change where import_id = import.id)`;
  const changes = await inSteps(deleteChanges);
  await inSteps(() => deleteKeys(before));
  if (imports > 0 || changes > 0) log.info("import.changes-forgotten", { imports, changes });
  return { imports, changes };
}

const endings = allowedFrom.undo.filter((status) => status !== "undoing");

/** Until nothing is left; answers how many there were. */
async function inSteps(step: () => Promise<number>): Promise<number> {
  let all = 0;
  for (let some = -1; some !== 0; ) {
    some = await step();
    all += some;
  }
  return all;
}

function deleteChanges(): Promise<number> {
  return db().$executeRaw`
    delete from import_change where (import_id, seq) in (
      select change.import_id, change.seq from import
      join import_change change on change.import_id = import.id
      where import.changes_forgotten_at is not null limit ${stepSize})`;
}

function deleteKeys(before: Date): Promise<number> {
  return db().$executeRaw`
    delete from dry_run_key where (import_id, key) in (
      select seen.import_id, seen.key from import
      join dry_run_key seen on seen.import_id = import.id
      where import.status::text = any(${endings}) and import.finished_at < ${before} limit ${stepSize})`;
}
