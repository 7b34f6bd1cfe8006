import { db } from "@/lib/db/client";
import { type ImportId, newId } from "@/lib/ids";
import { putStream } from "@/lib/storage/put-stream";

/** An import of a file with products, as if it had been uploaded, that waits for its run. */
export async function queuedImport(bytes: AsyncIterable<Buffer>): Promise<ImportId> {
  const id = newId("import");
  const sourceKey = `imports/${id}`;
  await putStream({ key: sourceKey, bytes, contentType: "application/octet-stream" });
  const [type, fileName, currency, createdBy] = ["products", "products.csv", "EUR", "nobody"];
  await db().import.create({ data: { id, type, fileName, sourceKey, currency, status: "queued", createdBy } });
  return id;
}
