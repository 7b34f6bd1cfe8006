import { Random } from "../../random";
import { type BadWay, badShare, csvLine, csvText, type MadeFile, Reckoning, wayOf } from "./made-file";

const columns = [
  ...["Name", "Email", "Financial Status", "Created at", "Lineitem name", "Lineitem sku", "Lineitem quantity"],
  ...["Lineitem price", "Total", "Refunded Amount", "Currency"],
] as const;
type Row = Record<string, string>;

type BadOrder = BadWay & {
  breakOrder: (rows: Row[]) => Row[];
  /** Only the row that was added is refused. */
  isOfRow?: true;
  /** It is in the store, and says something else. */
  isOther?: true;
};

const inFirst =
  (column: string, value: string) =>
  ([first, ...rest]: Row[]): Row[] => [{ ...first, [column]: value }, ...rest];

const badOrders: Record<string, BadOrder> = {
  "a row with a price of 0": {
    breakOrder: (rows) => [...rows, { ...(rows.at(-1) as Row), "Lineitem price": "0.00" }],
    field: "Lineitem price",
    reason: /a correction of stock/,
    isOfRow: true,
  },
  "words for a price": { breakOrder: inFirst("Lineitem price", "free"), field: "Lineitem price", reason: /"free"/ },
  "no quantity": { breakOrder: inFirst("Lineitem quantity", ""), field: "Lineitem quantity", reason: /whole number/ },
  "0 pieces": { breakOrder: inFirst("Lineitem quantity", "0"), field: "Lineitem quantity", reason: /0 pieces/ },
  "never paid": { breakOrder: inFirst("Financial Status", "voided"), field: "Financial Status", reason: /never paid/ },
  "no date": { breakOrder: inFirst("Created at", ""), field: "Created at", reason: /date is missing/ },
  "no mail address": { breakOrder: inFirst("Email", "at home"), field: "Email", reason: /is no e-mail address/ },
  "another total": { breakOrder: inFirst("Total", "0.01"), field: "Total", reason: /its total says/ },
  "an unknown currency": { breakOrder: inFirst("Currency", "XXQ"), field: "Currency", reason: /is no currency/ },
  "more given back than paid": {
    breakOrder: inFirst("Refunded Amount", "99999.00"),
    field: "Refunded Amount",
    reason: /more was refunded/,
  },
  "there, and other": { breakOrder: (rows) => rows, field: null, reason: /says something else/, isOther: true },
};

type Order = { number: string; rows: Row[]; said: string };

/** Past orders of one to four rows: of five one is known as it is, and one is known and was given back in part since. */
export function makeOrders(seed: number, rowsWanted: number): MadeFile {
  const random = new Random(seed);
  const reckoning = new Reckoning();
  const before = [csvLine(columns)];
  const lines = [csvLine(columns)];
  let badOnes = 0;
  for (let name = 0; lines.length <= rowsWanted; name++) {
    const order = orderOf(name, random);
    const isBad = random.next() < badShare * order.rows.length;
    const { rows, known } = isBad
      ? spoil(order, { turn: badOnes++, firstNumber: lines.length, reckoning })
      : take(order, name % 5, reckoning);
    before.push(...known.map(lineOf));
    lines.push(...rows.map(lineOf));
  }
  return {
    type: "orders",
    before: { type: "orders", text: csvText(before) },
    text: csvText(lines),
    rows: lines.length - 1,
    expected: reckoning,
  };
}

function orderOf(name: number, random: Random): Order {
  const prices = Array.from({ length: random.between(1, 4) }, () => random.between(100, 90_000));
  const quantities = prices.map(() => random.between(1, 5));
  const total = prices.reduce((sum, price, index) => sum + price * (quantities[index] ?? 0), 0);
  const number = `#${1_000 + name}`;
  const rows = prices.map((price, index) => ({
    Name: number,
    Email: `c${name}@example.com`,
    "Lineitem name": `Jacket, "${index}"`,
    "Lineitem sku": `J-${index}`,
    "Lineitem quantity": String(quantities[index]),
    "Lineitem price": inUnits(price),
    ...(index === 0 && {
      "Financial Status": "paid",
      "Created at": `2020-01-${10 + (name % 20)} 10:00:00 +0100`,
      Total: inUnits(total),
      Currency: "EUR",
    }),
  }));
  return { number, rows, said: `${total} of ${rows.length}` };
}

const inUnits = (cents: number) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;

/** A good order: its rows, and those of them that are in the store before. */
function take({ number, rows, said }: Order, turn: number, reckoning: Reckoning): { rows: Row[]; known: Row[] } {
  if (turn > 1) {
    reckoning.take(`sale ${number}`, said);
    return { rows, known: [] };
  }
  reckoning.store.set(`sale ${number}`, said);
  if (turn === 0) {
    reckoning.counts.unchanged += 1;
    return { rows, known: rows };
  }
  reckoning.counts.updated += 1;
  reckoning.store.set(`refund ${number}`, "100 of 1");
  return { rows: inFirst("Refunded Amount", "1.00")(rows), known: rows };
}

function spoil(
  { number, rows: good, said }: Order,
  { turn, firstNumber, reckoning }: { turn: number; firstNumber: number; reckoning: Reckoning },
): { rows: Row[]; known: Row[] } {
  const way = wayOf(badOrders, turn);
  const [, { breakOrder, isOfRow, isOther }] = way;
  const rows = breakOrder(good);
  for (const index of isOfRow ? [rows.length - 1] : rows.keys()) reckoning.refuse(firstNumber + index, way);
  if (isOfRow) reckoning.take(`sale ${number}`, said);
  if (isOther) reckoning.store.set(`sale ${number}`, said);
  return { rows, known: isOther ? inFirst("Email", "other@example.com")(good) : [] };
}

const lineOf = (row: Row) => csvLine(columns.map((column) => row[column] ?? ""));
