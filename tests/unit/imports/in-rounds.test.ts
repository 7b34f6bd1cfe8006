import { expect, test } from "vitest";
import { inRounds } from "@/lib/imports/in-rounds";

test("what comes again waits for the next round, and all else goes in one", async () => {
  const rounds: string[][] = [];

  const results = await inRounds(
    ["a1", "a2", "b1", "b2", "c1", "a3"],
    (item) => item.slice(0, 1),
    async (round) => {
      rounds.push([...round]);
      return round.map((item) => `saved ${item}`);
    },
  );

  expect(rounds).toEqual([["a1", "b1", "c1"], ["a2", "b2"], ["a3"]]);
  expect(results).toEqual(["saved a1", "saved a2", "saved b1", "saved b2", "saved c1", "saved a3"]);
});

test("where there is nothing to store nothing is asked for", async () => {
  const save = () => Promise.reject(new Error("asked"));

  expect(await inRounds([], String, save)).toEqual([]);
});
