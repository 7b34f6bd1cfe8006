import { db } from "@/lib/db/client";
import { type ImportId, newId } from "@/lib/ids";
import { putStream } from "@/lib/storage/put-stream";

/** An import of this text that waits for its run. */
export async function startImport(text: string): Promise<ImportId> {
  const id = newId("import");
  const sourceKey = `imports/${id}`;
  await putStream({ key: sourceKey, bytes: pieces(Buffer.from(text)), contentType: "application/octet-stream" });
  const [type, fileName, currency, createdBy] = ["products", "jackets.csv", "EUR", "chaos"];
  await db().import.create({ data: { id, type, fileName, sourceKey, currency, status: "queued", createdBy } });
  return id;
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  const size = 1024 * 1024;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
