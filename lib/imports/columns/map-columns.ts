import { type Actor, requireStaff, type StaffActor } from "@/lib/accounts/actor";
import { isUniqueViolation, type Tx, transaction } from "@/lib/db/transaction";
import type { ImportId } from "@/lib/ids";
import { asNew } from "../as-new";
import { ImportStateError } from "../errors";
import { askForRun, countRuns } from "../import-message";
import { noteImportAction } from "../note-import-action";
import { headingKey, isKnown, matchColumns } from "../table/columns";
import type { Fields } from "../table/fields";
import { type Mapping, noMapping } from "../table/mapping";
import { canMap } from "./can-map";
import { ColumnsRefusedError } from "./errors";
import { type FileColumns, getColumns } from "./get-columns";
import { headingsKey } from "./remembered";

/**
 * Says which column of an uploaded file says what, and has it read so. It is remembered, and proposed for the next file
 * with the same headings. Of several who ask at once one decides, the others are refused.
 *
 * @throws as `getColumns`, and ColumnsRefusedError for a column that the file does not have, or a field that is missing.
 */
export async function mapColumns({
  actor,
  importId,
  mapping: given,
  dryRun,
  now,
}: {
  actor: Actor;
  importId: ImportId;
  mapping: Mapping;
  dryRun: boolean;
  now: Date;
}): Promise<void> {
  requireStaff(actor);
  const file = await getColumns({ actor, importId });
  const mapping = checked(given, file);
  try {
    await transaction((tx) => decide(tx, { actor, importId, file, mapping, dryRun, now }));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new ImportStateError(importId, "waiting", "read while another one reads the same address");
  }
}

async function decide(
  tx: Tx,
  {
    actor,
    importId,
    file,
    mapping,
    dryRun,
    now,
  }: { actor: StaffActor; importId: ImportId; file: FileColumns; mapping: Mapping; dryRun: boolean; now: Date },
): Promise<void> {
  const known = await lockImport(tx, importId);
  if (!canMap(known)) throw new ImportStateError(importId, known.status, "read in another way");
  await tx.importReject.deleteMany({ where: { importId } });
  await tx.import.update({
    where: { id: importId },
    data: { ...asNew, mapping, isDryRun: dryRun, status: "queued", failureReason: null },
  });
  const remembered = { mapping, updatedBy: actor.userId, updatedAt: now };
  const key = { type: file.type, headings: headingsKey(file.names) };
  await tx.importColumnMapping.upsert({
    where: { type_headings: key },
    create: { ...key, ...remembered },
    update: remembered,
  });
  await askForRun(tx, importId, await countRuns(tx, importId));
  await noteImportAction(tx, { actor, action: "import.started", importId, now });
}

async function lockImport(tx: Tx, importId: ImportId) {
  await tx.$queryRaw`select 1 from import where id = ${importId} for update`;
  return tx.import.findUniqueOrThrow({ where: { id: importId } });
}

/** What would be taken for a field by its heading, and staff left out, is named as not read. */
function checked({ columns, values }: Mapping, { names, fields }: FileColumns): Mapping {
  const known = new Map(names.map((name) => [headingKey(name), name]));
  const byHeading = matchColumns(names, fields, noMapping);
  const decided: Record<string, string> = {};
  for (const field of Object.keys(fields)) {
    const chosen = columns[field] ?? "";
    const name = known.get(headingKey(chosen));
    if (chosen !== "" && name === undefined) throw new ColumnsRefusedError(`The file has no column "${chosen}".`);
    if (chosen !== "" && name !== undefined) decided[field] = name;
    else if (byHeading.at[field] !== undefined) decided[field] = "";
  }
  const entered = Object.entries(values).map(([field, value]): [string, string] => [field, value.trim()]);
  const fixed = Object.fromEntries(entered.filter(([field, value]) => fields[field]?.fixed && value !== ""));
  for (const field of Object.keys(fixed))
    if (decided[field])
      throw new ColumnsRefusedError(`Say a column for "${fields[field]?.label}", or what all rows say, and not both.`);
  const mapping = { columns: decided, values: fixed };
  requireKnown(names, fields, mapping);
  return mapping;
}

function requireKnown(names: readonly string[], fields: Fields, mapping: Mapping): void {
  const found = matchColumns(names, fields, mapping);
  const missing = Object.entries(fields).filter(([field, { isRequired }]) => isRequired && !isKnown(found, field));
  if (missing.length === 0) return;
  const labels = missing.map(([, { label }]) => `"${label}"`).join(", ");
  throw new ColumnsRefusedError(`Say which column has ${labels}.`);
}
