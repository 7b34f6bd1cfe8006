import { expect, test } from "vitest";
import { addTallies, afterRerun, emptyTally } from "@/local/launcher/tally";

test("a test that passes when it is run again has passed, and is named as flaky", () => {
  const first = { passed: 8, failed: 2, skipped: 1, failures: ["a", "b"], flaky: [] };

  expect(afterRerun(first, [])).toEqual({ passed: 10, failed: 0, skipped: 1, failures: [], flaky: ["a", "b"] });
  expect(afterRerun(first, ["b"])).toEqual({ passed: 9, failed: 1, skipped: 1, failures: ["b"], flaky: ["a"] });
  expect(afterRerun(first, ["a", "b"])).toEqual(first);
});

test("tallies add up, names and all", () => {
  const one = { passed: 1, failed: 1, skipped: 0, failures: ["a"], flaky: ["b"] };
  const other = { passed: 2, failed: 0, skipped: 3, failures: [], flaky: ["c"] };

  expect(addTallies(one, other)).toEqual({ passed: 3, failed: 1, skipped: 3, failures: ["a"], flaky: ["b", "c"] });
  expect(addTallies(emptyTally(), one)).toEqual(one);
});
