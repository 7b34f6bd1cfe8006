import { db } from "@/lib/db/client";
import { log } from "@/lib/log";
import { allowedFrom } from "../import-status";
import { undoDays } from "./undo-days";

const dayMs = 24 * 60 * 60 * 1_000;
/** So many go in one statement: it holds up nobody, and a sweep that is stopped has lost little. */
const stepSize = 2_000;

/**
 * Forgets what imports changed that ended more than `undoDays` ago: they cannot be undone any more. One that is being
 * undone keeps what it has yet to put back. May be repeated, and stopped at any moment: the next one goes on.
 */
export async function forgetChanges({ now }: { now: Date }): Promise<{ imports: number; changes: number }> {
  // First it is said, under the lock that whoever asks for an undo takes too, and then done.
  const imports = await db().$executeRaw`
    update import set changes_forgotten_at = ${now}
    where status::text = any(${endings}) and finished_at < ${new Date(now.getTime() - undoDays * dayMs)}
      and changes_forgotten_at is null and exists (select 1 from import_change where import_id = import.id)`;
  let changes = 0;
  for (let gone = -1; gone !== 0; changes += gone) gone = await deleteSome();
  if (imports > 0 || changes > 0) log.info("import.changes-forgotten", { imports, changes });
  return { imports, changes };
}

const endings = allowedFrom.undo.filter((status) => status !== "undoing");

function deleteSome(): Promise<number> {
  return db().$executeRaw`
    delete from import_change where (import_id, seq) in (
      select change.import_id, change.seq from import
      join import_change change on change.import_id = import.id
      where import.changes_forgotten_at is not null limit ${stepSize})`;
}
