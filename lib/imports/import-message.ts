import type { Tx } from "@/lib/db/transaction";
import type { ImportId } from "@/lib/ids";
import { addToOutbox } from "@/lib/outbox/add-to-outbox";
import { importRunTag } from "@/lib/runs/tags";

/** The key of an import's first message; later ones add to it. */
export const importKey = (importId: ImportId): string => `import-${importId}`;

/** Asks for a run of this import: its `number`th, counted from 0. Asking twice for one number is asking once. */
export async function askForRun(tx: Tx, importId: ImportId, number: number): Promise<void> {
  await addToOutbox(tx, "import.start", {
    key: number === 0 ? importKey(importId) : `${importKey(importId)}:${number}`,
    payload: { importId },
    tags: [importRunTag(importId)],
  });
}

/** How many runs have been asked for, of this import. */
export function countRuns(tx: Tx, importId: ImportId): Promise<number> {
  return tx.outboxMessage.count({ where: { name: "import.start", key: { startsWith: importKey(importId) } } });
}

/**
 * Has whoever started this import told of its end: in the transaction that ends it, at `now`. Who asked for a dry run
 * waits for it.
 */
export async function askForNotice(tx: Tx, importId: ImportId, now: Date): Promise<void> {
  const { isDryRun } = await tx.import.findUniqueOrThrow({ where: { id: importId }, select: { isDryRun: true } });
  if (isDryRun) return;
  // One that failed may be run again and end once more. That there is one mail all the same is decided when it is sent.
  await addToOutbox(tx, "import.notify", {
    key: `import-ended-${importId}:${now.getTime()}`,
    payload: { importId },
  });
}
