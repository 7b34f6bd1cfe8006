import { expect, test } from "vitest";
import { statementName } from "@/lib/db/statement-name";

test("a statement has a name of its own from its third use on, and keeps it", () => {
  expect([statementName("select 1"), statementName("select 1")]).toEqual(["", ""]);

  const name = statementName("select 1");
  for (let use = 0; use < 3; use++) statementName("select 2");

  expect(name).not.toBe("");
  expect(statementName("select 1")).toBe(name);
  expect(statementName("select 2")).not.toBe(name);
});

test("what is very long never has one, and there are only so many names", () => {
  const long = `select '${"x".repeat(5_000)}'`;
  for (let use = 0; use < 5; use++) expect(statementName(long)).toBe("");

  const names = new Set<string>();
  for (let number = 0; number < 1_000; number++)
    for (let use = 0; use < 4; use++) names.add(statementName(`select ${number} from many`));

  names.delete("");
  expect(names.size).toBeLessThanOrEqual(300);
  expect(names.size).toBeGreaterThan(200);
});
