import { expect, test } from "vitest";
import { pacer } from "@/lib/imports/pace";

const msOf = async (work: () => Promise<void>) => {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
};

test("portions take the time that their rows may take, each from the end of the one before", async () => {
  const keepPace = pacer(10_000);

  const took = await msOf(async () => {
    await keepPace(1_000);
    await keepPace(500);
  });

  expect(took).toBeGreaterThanOrEqual(148);
});

test("time that a slow portion has lost is not caught up on", async () => {
  const keepPace = pacer(10_000);
  await new Promise((resolve) => setTimeout(resolve, 120));
  await keepPace(1_000);

  expect(await msOf(() => keepPace(1_000))).toBeGreaterThanOrEqual(98);
});

test("without a limit nothing waits", async () => {
  const keepPace = pacer(0);

  expect(await msOf(() => keepPace(1_000_000_000))).toBeLessThan(1_000);
});
