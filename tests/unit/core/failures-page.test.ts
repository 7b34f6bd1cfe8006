import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Reaction, vendorFailures } from "@/lib/vendor-failures";

const reactions: Record<Reaction, string> = {
  "at-once": "at once",
  "as-told": "as told",
  "back-off": "back off",
  stop: "stop",
  ask: "ask the shopper",
};

test("docs/failures.md shows the table as it is", () => {
  const shown = readFileSync("docs/failures.md", "utf8")
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter((cells) => cells.length === 6 && Object.hasOwn(vendorFailures, cells[1]?.toLowerCase() ?? ""))
    .map(([, vendor, answer, kind, reaction]) => [vendor?.toLowerCase(), answer, kind, reaction]);

  const rows = Object.entries(vendorFailures).flatMap(([vendor, failures]) =>
    failures.map(({ status, code, kind, reaction }) => [
      vendor,
      code ? `${status} ${code}` : String(status),
      kind,
      reactions[reaction],
    ]),
  );
  expect(shown).toEqual(rows);
});
