import type { HttpBindings } from "@hono/node-server";
import type { Faults } from "./faults";
import type { Idempotency } from "./idempotency";
import type { RateLimit } from "./rate-limit";
import type { Mailbox } from "./store";

/** What every route works on. */
export type World = {
  apiKey: string;
  mailbox: Mailbox;
  idempotency: Idempotency;
  faults: Faults;
  rateLimit: RateLimit;
};

export type Env = { Bindings: HttpBindings };
