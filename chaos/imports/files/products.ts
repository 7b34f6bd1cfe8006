import { Random } from "../../random";
import { badRows, columns, type Row } from "./bad-products";
import { badShare, csvLine, csvText, type MadeFile, Reckoning, wayOf } from "./made-file";

const sizes = ["S", "M", "L", "XL"];
/**
 * A Shopify product export of about so many rows, of which one in a hundred is bad, in one of twenty ways in turn. Of five
 * products one is known as it is, and one with other prices.
 */
export function makeProducts(seed: number, rowsWanted: number): MadeFile {
  const random = new Random(seed);
  const reckoning = new Reckoning();
  const before = [columns.join(",")];
  const lines = [columns.join(",")];
  for (let product = 0; lines.length <= rowsWanted; product++) {
    const rows = rowsOf(product, random);
    if (random.next() < badShare * rows.length) spoil(rows, lines.length, reckoning);
    else before.push(...take(rows, product % 5, reckoning).map(lineOf));
    lines.push(...rows.map(lineOf));
  }
  return {
    type: "products",
    before: { type: "products", text: csvText(before) },
    text: csvText(lines),
    rows: lines.length - 1,
    expected: reckoning,
  };
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

/** A good product; answers its rows as they are in the store before. */
function take(rows: readonly Row[], turn: number, { counts, store }: Reckoning): readonly Row[] {
  keep(rows, store);
  counts[turn === 0 ? "unchanged" : turn === 1 ? "updated" : "created"] += 1;
  if (turn > 1) return [];
  return turn === 0 ? rows : rows.map((row) => ({ ...row, "Variant Price": "1.00" }));
}

/** Makes the last row bad, or the whole product where the kind is about the product: then it has that row alone. */
function spoil(rows: Row[], firstNumber: number, reckoning: Reckoning): void {
  const way = wayOf(badRows, reckoning.bad.length);
  const [, { breakRow, isOfProduct }] = way;
  if (isOfProduct) rows.splice(1);
  else if (rows.length === 1)
    rows.push({ ...rows[0], Title: "", "Option1 Name": "", "Option1 Value": "M", "Image Src": "" });
  const last = rows.pop() as Row;
  keep(rows, reckoning.store);
  if (rows.length > 0) reckoning.counts.created += 1;
  rows.push(breakRow(last));
  reckoning.refuse(firstNumber + rows.length - 1, way);
}

function keep(rows: readonly Row[], store: Map<string, string>): void {
  const [{ Handle: handle } = {}] = rows;
  for (const row of rows) {
    const price = Number(row["Variant Price"]?.replace(".", ""));
    store.set(`${handle} ${row["Option1 Value"]}`, `${price} ${row["Variant Inventory Qty"]}`);
  }
}

const lineOf = (row: Row) => csvLine(columns.map((column) => row[column] ?? "")) + (row.more ?? "");
