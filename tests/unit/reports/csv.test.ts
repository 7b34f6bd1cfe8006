import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvRecord } from "@/lib/reports/csv";

test.each(["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil")'])(
  "%j is text and no formula to a spreadsheet",
  (text) => {
    const [[cell] = []] = parse(csvRecord([text])) as string[][];

    expect(cell).toBe(`'${text}`);
  },
);

test("numbers stay numbers, negative ones too", () => {
  expect(csvRecord(["-12.50", "+3", 7, "1234.567", "-"])).toBe("-12.50,+3,7,1234.567,'-\r\n");
});

test("any text comes back as it was, but for the apostrophe before a formula", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }), (cells) => {
      const [record] = parse(csvRecord(cells), { skip_empty_lines: false, relax_column_count: true }) as string[][];
      const back = (record ?? [""]).map((cell, index) => (cell === `'${cells[index]}` ? cell.slice(1) : cell));

      expect(back).toEqual(cells);
    }),
  );
});
