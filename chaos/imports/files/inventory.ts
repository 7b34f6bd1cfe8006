import { Random } from "../../random";
import { csvLine, csvText, type MadeFile, Reckoning } from "./made-file";
import { type BadLine, makeRows } from "./rows";

const header = "SKU,Location,On hand";
const productHeader = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty";
const sku = (name: number | string) => `CUP-${name}`;
const here = (name: string, onHand: string) => csvLine([name, "Here", onHand]);

const badLines: Record<string, BadLine> = {
  "a SKU that nobody has": { line: (name) => here(`NONE-${name}`, "1"), field: null, reason: /No variant has/ },
  "a SKU that two have": { line: () => here("TWIN", "1"), field: null, reason: /2 variants have/ },
  "stock that is not counted": { line: () => here("FILE", "1"), field: null, reason: /not counted/ },
  "no SKU": { line: () => here("", "1"), field: "SKU", reason: /SKU is missing/ },
  words: { line: () => here(sku(0), "many"), field: "On hand", reason: /"many" is no whole number/ },
  "half a piece": { line: () => here(sku(0), "1.5"), field: "On hand", reason: /"1.5" is no whole number/ },
  "more than there is": { line: () => here(sku(0), "9999999999"), field: "On hand", reason: /more than any shelf/ },
  "not at this place": { line: () => here(sku(0), "not stocked"), field: "On hand", reason: /not stocked/ },
  "another place": {
    line: () => csvLine([sku(0), "There", "1"]),
    field: "Location",
    reason: /there is one stock here/,
  },
  "a cell too many": { line: () => `${here(sku(0), "1")},more`, field: null, reason: /4 cells/ },
};

const productLine = (name: string, own: string, tracker: string, onHand: number) =>
  csvLine([name, `The ${name}`, own, "1.00", tracker, String(onHand)]);

/** How much is on hand of products that are known. */
export function makeInventory(seed: number, rowsWanted: number): MadeFile {
  const random = new Random(seed);
  const reckoning = new Reckoning();
  const products = [
    productHeader,
    productLine("twin-1", "TWIN", "shopify", 1),
    productLine("twin-2", "TWIN", "shopify", 1),
    productLine("file", "FILE", "", 1),
  ];
  for (const name of ["TWIN twin-1", "TWIN twin-2", "FILE file"]) reckoning.store.set(name, "1");
  const key = (name: number) => `${sku(name)} cup-${name}`;
  for (let name = 0; name < rowsWanted; name++) {
    products.push(productLine(`cup-${name}`, sku(name), "shopify", name % 10));
    reckoning.store.set(key(name), String(name % 10));
  }
  const goodRow = (name: number) => {
    const onHand = random.between(-1, 10);
    return { line: here(sku(name), String(onHand)), key: key(name), value: String(Math.max(0, onHand)) };
  };
  const lines = makeRows({ rowsWanted, random, reckoning, goodRow, badLines });
  return {
    type: "inventory",
    before: { type: "products", text: csvText(products) },
    text: csvText([header, ...lines]),
    rows: lines.length,
    expected: reckoning,
  };
}
