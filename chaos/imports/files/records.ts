import { Random } from "../../random";
import { csvText, type MadeFile, Reckoning } from "./made-file";
import { type BadLine, makeRows } from "./rows";

const levels = 120;

const badLines: Record<string, BadLine> = {
  "no id": { line: () => '{"no": 1}', field: "id", reason: /id is missing/ },
  "an empty id": { line: () => '{"id": " "}', field: "id", reason: /id is missing/ },
  "an id past what JSON can count": { line: () => '{"id": 9007199254740993}', field: "id", reason: /too large/ },
  "an id without end": { line: () => `{"id": "${"x".repeat(300)}"}`, field: "id", reason: /more than 200/ },
  "a list": { line: () => "[1, 2]", field: null, reason: /is no object/ },
  "no JSON": { line: (name) => `{"id": ${name}`, field: null, reason: /is not JSON/ },
  "nested without end": {
    line: (name) => `{"id": ${name}, "deep": ${"[".repeat(levels)}${"]".repeat(levels)}}`,
    field: null,
    reason: /nested deeper/,
  },
};

const recordOf = (id: number, count: number) =>
  JSON.stringify({ id, count, text: `Record "${id}"\nof many`, deep: { list: [id, null, { half: 0.5 }] } });

/** JSON records, a line each, of which one in three is known, some saying something else. */
export function makeRecords(seed: number, rowsWanted: number): MadeFile {
  const random = new Random(seed);
  const reckoning = new Reckoning();
  const before: string[] = [];
  for (let name = 0; name < rowsWanted; name += 3) {
    before.push(recordOf(name, 0));
    reckoning.store.set(String(name), "0");
  }
  const goodRow = (name: number) => {
    const count = random.between(0, 2);
    return { line: recordOf(name, count), key: String(name), value: String(count) };
  };
  const lines = makeRows({ rowsWanted, random, reckoning, goodRow, badLines });
  return {
    type: "records",
    before: { type: "records", text: csvText(before) },
    text: csvText(lines),
    rows: lines.length,
    expected: reckoning,
  };
}
