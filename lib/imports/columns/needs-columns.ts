import type { Actor } from "@/lib/accounts/actor";
import type { ImportId } from "@/lib/ids";
import { ImportStateError, UnreadableFileError } from "../errors";
import { getColumns } from "./get-columns";

/**
 * Whether somebody has to look at the columns of an uploaded file before it is read: of each table but one of products
 * that has all it needs. A file that cannot be read is left to its run, which says why; one that is read already needs
 * nobody.
 *
 * @throws as `getColumns`
 */
export async function needsColumns(asked: { actor: Actor; importId: ImportId }): Promise<boolean> {
  try {
    const { type, missing, format } = await getColumns(asked);
    if (type === "products") return format === "csv" && missing.length > 0;
    return true;
  } catch (error) {
    if (error instanceof UnreadableFileError || error instanceof ImportStateError) return false;
    throw error;
  }
}
