import { expect, test } from "vitest";
import { TemporaryError } from "@/lib/errors";
import type { Pace } from "@/lib/vendor-failures";
import { retryPause } from "@/trigger/_step";

const backoffMs = 8_000;

function pauses(pace: Pace, retryAfterMs?: number): (number | undefined)[] {
  const error = new TemporaryError({ vendor: "stripe", message: "no", pace, retryAfterMs });
  return [1, 2, 3].map(
    (number) => retryPause({ error, retryDelayInMs: backoffMs, ctx: { attempt: { number } } })?.retryDelayInMs,
  );
}

test("a lost connection is tried again at once the first time, and by the task's backoff after that", () => {
  expect(pauses("at-once")).toEqual([100, backoffMs, backoffMs]);
});

test("a rate limit is waited for as long as the vendor said, and after the first time at least by the backoff", () => {
  expect(pauses("as-told", 3_000)).toEqual([3_000, backoffMs, backoffMs]);
  expect(pauses("as-told", 20_000)).toEqual([20_000, 20_000, 20_000]);
  expect(pauses("as-told", 0)).toEqual([0, backoffMs, backoffMs]);
});

test("a rate limit without a word on how long is waited for by the backoff", () => {
  expect(pauses("as-told")).toEqual([backoffMs, backoffMs, backoffMs]);
});

test("a fault of the vendor's is left to the backoff", () => {
  expect(pauses("back-off", 3_000)).toEqual([backoffMs, backoffMs, backoffMs]);
});

test("at once never takes longer than the task's own first pause", () => {
  const error = new TemporaryError({ vendor: "stripe", message: "no", pace: "at-once" });

  expect(retryPause({ error, retryDelayInMs: 5, ctx: { attempt: { number: 1 } } })).toEqual({ retryDelayInMs: 5 });
});

test("a task without tries left gets none by it, and a bug is left to the task's settings", () => {
  const ctx = { attempt: { number: 1 } };
  const lost = new TemporaryError({ vendor: "stripe", message: "no", pace: "at-once" });

  expect(retryPause({ error: lost, ctx })).toBeUndefined();
  expect(retryPause({ error: new Error("a bug"), retryDelayInMs: backoffMs, ctx })).toBeUndefined();
});
