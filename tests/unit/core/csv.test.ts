import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvRecord, plainCsvRecord, unguarded } from "@/lib/csv";

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

const texts = fc.array(
  fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.stringMatching(/^'{0,2}[=+\-@\t\r]?[\w"', \n]*$/),
    fc.double().map(String),
  ),
  { minLength: 1 },
);

test("any text comes back as it was when the apostrophe before a formula is taken away again", () => {
  fc.assert(
    fc.property(texts, (cells) => {
      const [record] = parse(csvRecord(cells), { skip_empty_lines: false, relax_column_count: true }) as string[][];

      expect((record ?? [""]).map(unguarded)).toEqual(cells);
    }),
  );
});

test("a record for programs holds each text as it is", () => {
  fc.assert(
    fc.property(texts, (cells) => {
      const [record] = parse(plainCsvRecord(cells), {
        skip_empty_lines: false,
        relax_column_count: true,
      }) as string[][];

      expect(record ?? [""]).toEqual(cells);
    }),
  );
});
