import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { store, type WorldContext } from "@/local/launcher/services";

const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: { start: string } };
const world = { projectDir: ".", paths: { logs: "" }, ports: { store: 3000 } } as unknown as WorldContext;

test("a demo's store is started as npm start does it", () => {
  const { args } = store(world, "start");

  expect(["node", ...args].join(" ")).toContain(scripts.start);
});
