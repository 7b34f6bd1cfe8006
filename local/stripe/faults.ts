import { z } from "zod";

/**
 * What can go wrong on purpose:
 * - `error_before`: 500, nothing was done and nothing is saved under the key
 * - `error_after`: 500, the work was done and the 500 is saved under the key
 * - `conflict`: 409, another request with the same key is running
 * - `rate_limit`: 429, with `retry-after` where `retryAfterSeconds` is given
 * - `drop_before`, `drop_after`: the connection closes before or after the work
 * - `delay`: the work starts `delayMs` later, with the key taken meanwhile
 */
export const FaultPlan = z.strictObject({
  method: z.enum(["GET", "POST", "DELETE"]),
  /** The path, `*` standing for anything: `/v1/payment_intents/*\/capture`. */
  path: z.string().startsWith("/v1/"),
  times: z.int().min(1).default(1),
  kind: z.enum(["error_before", "error_after", "conflict", "rate_limit", "drop_before", "drop_after", "delay"]),
  delayMs: z.int().min(0).max(60_000).default(0),
  retryAfterSeconds: z.int().min(1).max(3_600).optional(),
});
export type FaultPlan = z.infer<typeof FaultPlan>;

export type Faults = ReturnType<typeof planFaults>;

/** The planned faults, oldest first. They are not kept over a restart. */
export function planFaults() {
  let plans: FaultPlan[] = [];
  return {
    add: (plan: FaultPlan) => {
      plans.push({ ...plan });
    },
    list: (): FaultPlan[] => plans.map((plan) => ({ ...plan })),
    clear: () => {
      plans = [];
    },
    /** The fault due for this request, counted as used. */
    take(method: string, path: string): FaultPlan | undefined {
      const plan = plans.find((candidate) => candidate.method === method && pattern(candidate.path).test(path));
      if (!plan) return undefined;
      plan.times -= 1;
      plans = plans.filter(({ times }) => times > 0);
      return plan;
    },
  };
}

function pattern(path: string): RegExp {
  const parts = path.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^/]+")}$`);
}
