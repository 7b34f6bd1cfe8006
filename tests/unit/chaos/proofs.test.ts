import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("what the documents call a proof can be started by that name", () => {
  const documents = ["docs/reliability.md", "docs/decisions/0013-the-saga-of-an-order.md", "README.md"];
  const told = documents.flatMap((path) => [...readFileSync(path, "utf8").matchAll(/npm run chaos -- ([a-z]+)/g)]);
  const known = /const proofs = (\[.*\]);/.exec(readFileSync("local/bin/chaos.mjs", "utf8"))?.[1] ?? "[]";
  const proofs: string[] = JSON.parse(known);

  expect(proofs.filter((name) => !existsSync(`chaos/${name}.ts`))).toEqual([]);
  expect([...new Set(told.map(([, name]) => name))].filter((name) => !proofs.includes(name ?? ""))).toEqual([]);
  expect(told.length).toBeGreaterThan(4);
});
