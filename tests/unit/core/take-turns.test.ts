import { expect, test } from "vitest";
import { takeTurns } from "@/lib/db/take-turns";
import { TemporaryError } from "@/lib/errors";

/** Work that ends when it is told to. */
function held() {
  let end = () => {};
  const promise = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => promise, end };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("no more than so many are under way, and the others follow in the order in which they came", async () => {
  const inTurn = takeTurns({ atOnce: 2, waitMaxMs: 1_000 });
  const begun: number[] = [];
  const jobs = [0, 1, 2, 3].map((number) => {
    const { work, end } = held();
    const done = inTurn(async () => {
      begun.push(number);
      await work();
      return number;
    });
    return { end, done };
  });

  await settled();
  expect(begun).toEqual([0, 1]);
  jobs[1]?.end();
  await settled();
  expect(begun).toEqual([0, 1, 2]);
  for (const { end } of jobs) end();

  expect(await Promise.all(jobs.map(({ done }) => done))).toEqual([0, 1, 2, 3]);
});

test("work that fails gives its place to the next", async () => {
  const inTurn = takeTurns({ atOnce: 1, waitMaxMs: 1_000 });

  const failing = inTurn(() => Promise.reject(new Error("It failed.")));
  const next = inTurn(() => Promise.resolve("next"));

  await expect(failing).rejects.toThrow("It failed.");
  expect(await next).toBe("next");
});

test("who waits too long is sent away before the work has begun, and leaves no gap in the line", async () => {
  const inTurn = takeTurns({ atOnce: 1, waitMaxMs: 20 });
  const first = held();
  const done = inTurn(first.work);
  let hasBegun = false;

  const impatient = inTurn(async () => {
    hasBegun = true;
  });

  await expect(impatient).rejects.toThrow(TemporaryError);
  const next = inTurn(() => Promise.resolve("next"));
  first.end();
  await done;
  expect(await next).toBe("next");
  expect(hasBegun).toBe(false);
});
