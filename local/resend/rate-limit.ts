const windowMs = 1000;

export type RateDecision = { allowed: boolean; headers: Record<string, string> };

/** Counts requests in fixed windows of a second. https://resend.com/docs/api-reference/rate-limit */
export function createRateLimit(requestsPerSecond: number | undefined) {
  let windowStart = 0;
  let count = 0;
  return {
    take(now: number): RateDecision {
      if (requestsPerSecond === undefined) return { allowed: true, headers: {} };
      if (now - windowStart >= windowMs) {
        windowStart = now;
        count = 0;
      }
      count++;
      const allowed = count <= requestsPerSecond;
      return {
        allowed,
        headers: {
          "ratelimit-limit": String(requestsPerSecond),
          "ratelimit-remaining": String(Math.max(0, requestsPerSecond - count)),
          "ratelimit-reset": String(Math.ceil((windowStart + windowMs - now) / 1000)),
        },
      };
    },
  };
}

export type RateLimit = ReturnType<typeof createRateLimit>;
