import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { readAhead } from "@/lib/imports/read-ahead";

/** Counts what has been made of it, and whether it was let go. */
function counting(count: number, breaksAt = Number.POSITIVE_INFINITY) {
  const seen = { made: 0, isClosed: false };
  async function* items() {
    try {
      for (let n = 1; n <= count; n++) {
        if (n === breaksAt) throw new Error("broken");
        seen.made = n;
        yield n;
        await setImmediate();
      }
    } finally {
      seen.isClosed = true;
    }
  }
  return { seen, items: items() };
}

/** Long enough for whatever is going to be made by itself. */
async function aWhile() {
  for (let n = 0; n < 50; n++) await setImmediate();
}

test.each([0, 1, 2, 3, 10])("all %s items come, in their order", async (count) => {
  const got: number[] = [];

  for await (const item of readAhead(counting(count).items, 2)) got.push(item);

  expect(got).toEqual(Array.from({ length: count }, (_, n) => n + 1));
});

test("while one is worked on, as many as asked for are made, and no more", async () => {
  const { seen, items } = counting(20);

  for await (const item of readAhead(items, 2)) {
    await aWhile();
    expect(seen.made).toBe(Math.min(20, item + 2));
  }
});

test("an error comes after the items before it", async () => {
  const { seen, items } = counting(20, 4);
  const got: number[] = [];

  const work = (async () => {
    for await (const item of readAhead(items, 3)) {
      await aWhile();
      got.push(item);
    }
  })();

  await expect(work).rejects.toThrow("broken");
  expect(got).toEqual([1, 2, 3]);
  expect(seen.isClosed).toBe(true);
});

test("who stops in the middle lets go of the source", async () => {
  const { seen, items } = counting(20);

  for await (const item of readAhead(items, 2)) if (item === 3) break;
  const made = seen.made;
  await aWhile();

  expect(seen).toEqual({ made, isClosed: true });
  expect(made).toBeLessThan(8);
});
