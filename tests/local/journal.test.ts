import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openJournal } from "@/local/journal";

type Mug = { colour: string; price: number };

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journal-"));
  file = join(folder, "state", "mugs.ndjson");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("what was committed is there after opening the file again, in the order it first appeared", () => {
  const journal = openJournal(file);
  const mugs = journal.collection<Mug>("mugs");
  mugs.put("blue", { colour: "blue", price: 1 });
  mugs.put("red", { colour: "red", price: 2 });
  journal.commit();
  mugs.put("blue", { colour: "blue", price: 3 });
  mugs.delete("red");
  mugs.put("green", { colour: "green", price: 4 });
  journal.commit();
  journal.close();

  const again = openJournal(file).collection<Mug>("mugs");

  expect(again.values()).toEqual([
    { colour: "blue", price: 3 },
    { colour: "green", price: 4 },
  ]);
  expect(again.get("red")).toBeUndefined();
});

test("what was not committed is gone after opening the file again", () => {
  const journal = openJournal(file);
  journal.collection<Mug>("mugs").put("blue", { colour: "blue", price: 1 });
  journal.close();

  expect(openJournal(file).collection<Mug>("mugs").values()).toEqual([]);
});

test("a change set is one line, whatever it touches", () => {
  const journal = openJournal(file);
  journal.collection<Mug>("mugs").put("blue", { colour: "blue", price: 1 });
  journal.collection<string>("notes").put("n1", "two\nlines");
  journal.commit();
  journal.commit();

  expect(readFileSync(file, "utf8").split("\n")).toHaveLength(2);
});

test("discard brings back the last committed values", () => {
  const journal = openJournal(file);
  const mugs = journal.collection<Mug>("mugs");
  mugs.put("blue", { colour: "blue", price: 1 });
  journal.commit();

  mugs.put("blue", { colour: "blue", price: 99 });
  mugs.put("red", { colour: "red", price: 2 });
  journal.discard();

  expect(mugs.values()).toEqual([{ colour: "blue", price: 1 }]);
});

test("a last line cut short by a crash is dropped and later commits are readable", () => {
  const first = openJournal(file);
  first.collection<Mug>("mugs").put("blue", { colour: "blue", price: 1 });
  first.commit();
  first.close();
  appendFileSync(file, '[{"c":"mugs","k":"red","v":{"colour":"re');

  const second = openJournal(file);
  second.collection<Mug>("mugs").put("green", { colour: "green", price: 2 });
  second.commit();
  second.close();

  expect(
    openJournal(file)
      .collection<Mug>("mugs")
      .values()
      .map((mug) => mug.colour),
  ).toEqual(["blue", "green"]);
});

test("a broken line in the middle refuses to open and names the line", () => {
  openJournal(file).close();
  appendFileSync(file, "not json\n[]\n");

  expect(() => openJournal(file)).toThrow(/line 1, is not JSON/);
});

test("opening compacts what was overwritten", () => {
  const journal = openJournal(file);
  for (let price = 0; price < 100; price++) {
    journal.collection<Mug>("mugs").put("blue", { colour: "blue", price });
    journal.commit();
  }
  journal.close();
  const grown = statSync(file).size;

  openJournal(file).close();

  expect(statSync(file).size).toBeLessThan(grown / 50);
});

test("a cleared collection stays empty", () => {
  const journal = openJournal(file);
  const mugs = journal.collection<Mug>("mugs");
  mugs.put("blue", { colour: "blue", price: 1 });
  journal.commit();
  mugs.clear();
  journal.commit();
  journal.close();

  expect(openJournal(file).collection<Mug>("mugs").values()).toEqual([]);
});

test("kill -9 right after a commit loses nothing", () => {
  const script = `
    import { openJournal } from ${JSON.stringify(resolve("local/journal.ts"))};
    const journal = openJournal(${JSON.stringify(file)});
    journal.collection("mugs").put("blue", { colour: "blue", price: 1 });
    journal.commit();
    process.kill(process.pid, "SIGKILL");
  `;

  const child = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script]);

  expect(child.signal).toBe("SIGKILL");
  expect(openJournal(file).collection<Mug>("mugs").values()).toEqual([{ colour: "blue", price: 1 }]);
});
