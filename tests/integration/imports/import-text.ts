import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { ImportId } from "@/lib/ids";
import { mapColumns } from "@/lib/imports/columns/map-columns";
import type { ImportType } from "@/lib/imports/import-type";
import { queueImport } from "@/lib/imports/queue-import";
import { runImport } from "@/lib/imports/run-import";
import { startUpload } from "@/lib/imports/start-upload";
import type { Mapping } from "@/lib/imports/table/mapping";
import type { Currency } from "@/lib/money/money";

export const staff: Actor = { kind: "staff", userId: "user_ada", role: "staff", email: "ada@shopfloor.example" };

type Options = { type?: ImportType; fileName?: string; currency?: Currency; dryRun?: boolean; mapping?: Mapping };

/** An import whose file has been uploaded as a browser does it, and which nobody has asked to be read. */
export async function arrived(
  content: string | Buffer,
  { type, fileName = "products.csv", currency, dryRun }: Options = {},
): Promise<ImportId> {
  const body = Buffer.from(content as string);
  const now = new Date();
  const { importId, upload } = await startUpload({
    actor: staff,
    type,
    fileName,
    sizeBytes: body.length,
    currency,
    dryRun,
    now,
  });
  const answer = await fetch(upload.url, {
    method: upload.method,
    headers: upload.headers,
    body: new Uint8Array(body),
  });
  if (!answer.ok) throw new Error(`The upload was answered ${answer.status}: ${await answer.text()}`);
  return importId;
}

/** An import whose file has been uploaded, waiting to be run. */
export async function uploaded(content: string | Buffer, options: Options = {}): Promise<ImportId> {
  const { mapping, dryRun = false } = options;
  const importId = await arrived(content, options);
  const now = new Date();
  if (mapping) await mapColumns({ actor: staff, importId, mapping, dryRun, now });
  else await queueImport({ actor: staff, importId, now });
  return importId;
}

export const run = (importId: ImportId, options: Partial<Parameters<typeof runImport>[0]> = {}) =>
  runImport({ importId, runId: "run_1", clock: () => new Date(), ...options });

/** Uploads, runs, and answers the result with the notes. */
export async function imported(content: string | Buffer, options?: Options) {
  const importId = await uploaded(content, options);
  const result = await run(importId);
  return { importId, result, notes: await notesOf(importId) };
}

export async function notesOf(importId: ImportId) {
  const notes = await db().importReject.findMany({
    where: { importId },
    orderBy: [{ rowNumber: "asc" }, { id: "asc" }],
  });
  return notes.map(({ rowNumber, severity, field, reason }) => ({ rowNumber, severity, field, reason }));
}

/** Everything the catalogue says, without ids and times: two stores that say the same are equal in it. */
export async function catalogue() {
  const products = await db().product.findMany({
    orderBy: { handle: "asc" },
    include: {
      options: { orderBy: { position: "asc" }, select: { name: true, values: true } },
      variants: { orderBy: { position: "asc" }, include: { stock: true, movements: true } },
      images: { orderBy: { position: "asc" }, select: { url: true, alt: true } },
    },
  });
  return products.map(({ id, createdAt, updatedAt, variants, ...product }) => ({
    ...product,
    variants: variants.map((variant) => ({
      optionValues: variant.optionValues,
      sku: variant.sku,
      price: [variant.priceAmount, variant.priceCurrency, variant.compareAtAmount],
      weightGrams: variant.weightGrams,
      stock: [variant.stock?.tracked, variant.stock?.onHand, variant.stock?.reserved],
      ledger: variant.movements.reduce((sum, one) => sum + one.quantity, 0),
    })),
  }));
}

/** When anything in the catalogue was last written, and how often stock moved. */
export async function writes() {
  const [products, variants, movements] = await Promise.all([
    db().product.findMany({ orderBy: { id: "asc" }, select: { id: true, updatedAt: true } }),
    db().variant.findMany({ orderBy: { id: "asc" }, select: { id: true, updatedAt: true } }),
    db().stockMovement.count(),
  ]);
  return { products, variants, movements };
}

export async function emptyCatalogue() {
  await db().product.deleteMany();
}
