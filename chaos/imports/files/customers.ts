import { Random } from "../../random";
import { csvLine, csvText, type MadeFile, Reckoning } from "./made-file";
import { type BadLine, makeRows } from "./rows";

const header = "Email,Name";
const address = (name: number | string) => `c${name}@example.com`;

const badLines: Record<string, BadLine> = {
  "no address": { line: () => ",Nobody", field: "Email", reason: /address is missing/ },
  "no mail address": { line: (name) => `${name} at home,Ada`, field: "Email", reason: /is no e-mail address/ },
  "a name without end": {
    line: (name) => `${address(name)},${"x".repeat(300)}`,
    field: "Name",
    reason: /longer than 120/,
  },
  "a cell too many": { line: (name) => `${address(name)},Ada,more`, field: null, reason: /3 cells/ },
  "a cell too few": { line: address, field: null, reason: /1 cells/ },
};

/** Customers, of whom one in three is known, some under another name, and some come without a name. */
export function makeCustomers(seed: number, rowsWanted: number): MadeFile {
  const random = new Random(seed);
  const reckoning = new Reckoning();
  const before = [header];
  for (let name = 0; name < rowsWanted; name += 3) {
    before.push(csvLine([address(name), `Customer ${name}`]));
    reckoning.store.set(address(name), `Customer ${name}`);
  }
  const goodRow = (name: number) => {
    const key = address(name);
    const names = { same: `Customer ${name}`, other: `Customer "${name}", by another name`, none: "" };
    const given = names[random.weighted({ same: 6, other: 3, none: 1 })];
    const value = given || (reckoning.store.get(key) ?? `c${name}`);
    return { line: csvLine([key, given]), key, value };
  };
  const lines = makeRows({ rowsWanted, random, reckoning, goodRow, badLines });
  return {
    type: "customers",
    before: { type: "customers", text: csvText(before) },
    text: csvText([header, ...lines]),
    rows: lines.length,
    expected: reckoning,
  };
}
