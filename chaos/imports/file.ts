import { Random } from "../random";
import { badRows, columns, type Row } from "./bad-rows";

/** A row that must be refused, by its number (the header line not counted), and the sentence that says why. */
export type BadRow = { rowNumber: number; kind: string; reason: RegExp };

/** What must come of a file, reckoned while it is made and by nothing of the store's. */
export type Expected = {
  bad: BadRow[];
  products: number;
  variants: number;
  /** Sums over the variants that go in: minor units, pieces. */
  priceAmount: number;
  onHand: number;
};

const sizes = ["S", "M", "L", "XL"];
const badShare = 0.01;

/** A Shopify product export of about so many rows, of which one in a hundred is bad, in one of twenty ways in turn. */
export function makeFile(seed: number, rowsWanted: number): { text: string; rows: number; expected: Expected } {
  const random = new Random(seed);
  const lines = [columns.join(",")];
  const expected: Expected = { bad: [], products: 0, variants: 0, priceAmount: 0, onHand: 0 };
  for (let product = 0; lines.length <= rowsWanted; product++) {
    const rows = rowsOf(product, random);
    if (random.next() < badShare * rows.length) spoil(rows, lines.length, expected);
    else count(rows, expected);
    for (const row of rows) lines.push(lineOf(row));
  }
  return { text: `${lines.join("\n")}\n`, rows: lines.length - 1, expected };
}

function rowsOf(product: number, random: Random): Row[] {
  return sizes.slice(0, random.between(1, sizes.length)).map((size, n) => ({
    Handle: `jacket-${product}`,
    ...(n === 0 && {
      Title: `Jacket, ${product}`,
      "Body (HTML)": `<p>Of "waxed" cotton,\nnumber ${product}.</p>`,
      Vendor: "Shopfloor",
      Tags: "jacket, cotton",
      Published: "true",
      Status: "active",
      "Option1 Name": "Size",
      "Image Src": `https://images.example/${product}.jpg`,
    }),
    "Option1 Value": size,
    "Variant SKU": `J-${product}-${size}`,
    "Variant Grams": String(random.between(100, 2_000)),
    "Variant Inventory Tracker": "shopify",
    "Variant Inventory Qty": String(random.between(0, 90)),
    "Variant Price": `${random.between(10, 900)}.${random.between(10, 99)}`,
  }));
}

/** Makes the last row bad, or the whole product where the kind is about the product: then it has that row alone. */
function spoil(rows: Row[], firstNumber: number, expected: Expected): void {
  const [kind, { breakRow, reason, isOfProduct }] = Object.entries(badRows)[expected.bad.length % 20] as [
    string,
    (typeof badRows)[string],
  ];
  if (isOfProduct) rows.splice(1);
  else if (rows.length === 1)
    rows.push({ ...rows[0], Title: "", "Option1 Name": "", "Option1 Value": "M", "Image Src": "" });
  const last = rows.pop() as Row;
  count(rows, expected);
  rows.push(breakRow(last));
  expected.bad.push({ rowNumber: firstNumber + rows.length - 1, kind, reason });
}

function count(rows: readonly Row[], expected: Expected): void {
  if (rows.length > 0) expected.products += 1;
  expected.variants += rows.length;
  for (const row of rows) {
    expected.priceAmount += Number(row["Variant Price"]?.replace(".", ""));
    expected.onHand += Number(row["Variant Inventory Qty"]);
  }
}

function lineOf(row: Row): string {
  const cells = columns.map((column) => {
    const cell = row[column] ?? "";
    return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  });
  return cells.join(",") + (row.more ?? "");
}
