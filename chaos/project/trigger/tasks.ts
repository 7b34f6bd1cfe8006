import { setTimeout as sleep } from "node:timers/promises";
import { task, wait } from "@trigger.dev/sdk";
import { beginsOf, withEvidence } from "../evidence";

type Payload = { n: number };

export const quick = task({
  id: "quick",
  run: ({ n }: Payload, { ctx }) => withEvidence(ctx, async () => ({ n })),
});

export const once = task({
  id: "once",
  retry: { maxAttempts: 1 },
  run: ({ n }: Payload, { ctx }) =>
    withEvidence(ctx, async () => {
      await sleep(30);
      return { n };
    }),
});

/** Fails until it has begun as often as asked. */
export const flaky = task({
  id: "flaky",
  run: ({ n }: Payload, { ctx }) =>
    withEvidence(ctx, async () => {
      if (beginsOf(ctx.run.id) <= n % 3) throw new Error("not yet");
      return { n };
    }),
});

/** Longer than the SDK would wait in its own process. */
export const waits = task({
  id: "waits",
  retry: { maxAttempts: 12 },
  run: ({ n }: Payload, { ctx }) =>
    withEvidence(ctx, async () => {
      await wait.for({ seconds: 5.2 });
      return { n };
    }),
});

export const token = task({
  id: "token",
  retry: { maxAttempts: 12 },
  run: ({ token: id }: Payload & { token: string }, { ctx }) =>
    withEvidence(ctx, async () => wait.forToken<{ n: number }>(id).unwrap()),
});

export const parent = task({
  id: "parent",
  retry: { maxAttempts: 12 },
  run: ({ n }: Payload, { ctx }) =>
    withEvidence(ctx, async () => {
      const first = await quick.triggerAndWait({ n: 1 }).unwrap();
      const second = await sleepy.triggerAndWait({ n: n - 1 }).unwrap();
      return { n: first.n + second.n };
    }),
});

export const fanout = task({
  id: "fanout",
  retry: { maxAttempts: 12 },
  run: ({ n }: Payload, { ctx }) =>
    withEvidence(ctx, async () => {
      const { runs } = await quick.batchTriggerAndWait([
        { payload: { n } },
        { payload: { n: 1 } },
        { payload: { n: -1 } },
      ]);
      let sum = 0;
      for (const run of runs) {
        if (!run.ok) throw new Error("a child failed");
        sum += run.output.n;
      }
      return { n: sum };
    }),
});

export const single = task({
  id: "single",
  queue: { concurrencyLimit: 1 },
  run: ({ n, key }: Payload & { key: string }, { ctx }) =>
    withEvidence(
      ctx,
      async () => {
        await sleep(60);
        return { n };
      },
      `single-${key}`,
    ),
});

export const sleepy = task({
  id: "sleepy",
  run: ({ n }: Payload, { ctx }) =>
    withEvidence(ctx, async () => {
      await sleep(100 + (Math.abs(n) % 7) * 50);
      return { n };
    }),
});

/** Hears nothing while it works: neither its host's end nor a signal it could handle. */
export const busy = task({
  id: "busy",
  run: ({ n }: Payload, { ctx }) =>
    withEvidence(ctx, async () => {
      const until = performance.now() + 300;
      while (performance.now() < until);
      return { n };
    }),
});
