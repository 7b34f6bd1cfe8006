import PDFDocument from "pdfkit";
import type { StoredLabel } from "./store";

const millimetre = 72 / 25.4;
const size: [number, number] = [105 * millimetre, 148 * millimetre];

/** The label to print and stick on, A6. The same label makes the same bytes. */
export function drawLabel({ reference, carrier, trackingNumber, parcel, createdAt }: StoredLabel): Promise<Buffer> {
  const info = { Title: `Label ${trackingNumber}`, Author: carrier, CreationDate: new Date(createdAt) };
  const doc = new PDFDocument({ size, margin: 24, info });
  const chunks: Buffer[] = [];
  doc.on("data", (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on("end", () => resolve(Buffer.concat(chunks)));
    doc.on("error", reject);
  });
  const { name, line1, line2, city, postalCode, country } = parcel.to;
  const pieces = parcel.contents.reduce((count, { quantity }) => count + quantity, 0);
  doc.font("Helvetica-Bold").fontSize(11).text(carrier.toUpperCase());
  doc.moveDown(1.5);
  doc.fontSize(15);
  for (const text of [name, line1, ...(line2 ? [line2] : []), `${postalCode} ${city}`, country])
    doc.text(printable(text));
  doc.moveDown(1.5).font("Courier-Bold").fontSize(19).text(trackingNumber);
  doc.moveDown(1).font("Helvetica").fontSize(8);
  doc.text(parcel.weightGrams > 0 ? `${(parcel.weightGrams / 1000).toFixed(2)} kg` : "Weight unknown");
  doc.text(`${pieces} ${pieces === 1 ? "piece" : "pieces"}, reference ${printable(reference)}`);
  for (const { sku, quantity } of parcel.contents.slice(0, 12)) doc.text(printable(`${quantity} x ${sku ?? "–"}`));
  doc.end();
  return done;
}

/** The fonts that every reader has know only Latin letters. */
function printable(text: string): string {
  return text.replace(/[^\u0020-\u007e\u00a0-\u00ff–]/g, "?");
}
