import { expect, test } from "vitest";
import { recordsKind } from "@/lib/imports/records/records-kind";
import { notesOf, readAs } from "./read-text";

test("ids that JSON cannot tell apart are refused and not merged, and are taken in quotation marks", async () => {
  const found = await readAs(
    recordsKind,
    ['{"ID": 9007199254740993}', '{"ID": "9007199254740993"}', '{"ID": 9007199254740991}', '{"ID": 1.5}'].join("\n"),
  );

  expect(found.map(({ item }) => item?.externalId)).toEqual([undefined, "9007199254740993", "9007199254740991", "1.5"]);
  expect(notesOf(found)).toEqual([
    {
      rowNumber: 1,
      severity: "refused",
      field: "ID",
      reason: "The id is too large for a number of JSON. Write it in quotation marks.",
    },
  ]);
});

test("an id of any length of digits is taken from a table", async () => {
  const found = await readAs(recordsKind, "id,name\n9007199254740993,Ada\n");

  expect(found.map(({ item }) => item?.externalId)).toEqual(["9007199254740993"]);
});
