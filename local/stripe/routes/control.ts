import type { Context } from "hono";
import type Stripe from "stripe";
import { z } from "zod";
import type { App } from "../api";
import type { WireInvoice, WireSubscription } from "../billing/objects";
import { retryRules, setRetryRules } from "../billing/retry-rules";
import { advanceClock, clockNow } from "../clock";
import { FaultPlan } from "../faults";
import { openDispute } from "../payments/open-dispute";
import { sweep } from "../sweep";
import { emitEvent, queueDelivery } from "../webhooks/emit-event";
import { ApiError } from "../wire";
import { change, type World } from "../world";

const AnyObject = z.looseObject({ id: z.string().min(1), object: z.string().min(1) });
const Plant = z.strictObject({ object: AnyObject });
const PlantEvent = z.strictObject({
  type: z.string().min(1),
  object: AnyObject,
  previous_attributes: z.record(z.string(), z.unknown()).optional(),
  /** Instead of a fresh id and the time now. */
  id: z.string().startsWith("evt_").optional(),
  created: z.int().optional(),
});
const PlannedDispute = z.strictObject({
  payment_intent: z.string().startsWith("pi_"),
  amount: z.int().min(1).optional(),
  reason: z.string().min(1).default("fraudulent"),
  isInquiry: z.boolean().default(false),
});
const Webhooks = z.strictObject({
  duplicates: z.int().min(0).max(10).optional(),
  delayMs: z.int().min(0).max(600_000).optional(),
  shuffleWithinMs: z.int().min(0).max(600_000).optional(),
  paused: z.boolean().optional(),
});
const Clock = z.strictObject({ advanceMs: z.int().min(0) });

const Retries = z.strictObject({
  retryAfterDays: z.array(z.int().min(1).max(60)).max(8).optional(),
  afterwards: z.enum(["cancel", "mark_unpaid", "leave_past_due"]).optional(),
});

/** The handles for tests and for people at this machine. None of them exists at Stripe. */
export function serveControl(app: App, world: World): void {
  app.use("/_local/*", async (http, next) => {
    if (!isFromHere(http, world))
      return http.json({ error: "Only pages and programs of this machine may use /_local." }, 403);
    await next();
  });

  app.get("/_local/faults", (http) => http.json(world.faults.list()));
  app.post("/_local/faults", (http) => read(http, FaultPlan, (plan) => world.faults.add(plan)));
  app.delete("/_local/faults", (http) => {
    world.faults.clear();
    return http.json({});
  });

  app.post("/_local/plant", (http) =>
    read(http, Plant, ({ object }) => {
      const { store } = world;
      change(world, () => {
        store.planted.put(object.id, true);
        if (object.object === "invoice") store.invoices.put(object.id, object as unknown as WireInvoice);
        else if (object.object === "subscription")
          store.subscriptions.put(object.id, object as unknown as WireSubscription);
        else if (object.object === "customer") store.customers.put(object.id, object as unknown as Stripe.Customer);
        else throw new RefusedPlant(`Cannot plant a ${object.object}: invoice, subscription or customer.`);
      });
      return object;
    }),
  );

  app.post("/_local/disputes", (http) =>
    read(http, PlannedDispute, ({ payment_intent, ...planned }) =>
      change(world, (call) => {
        const charge = world.store.charges.values().findLast((one) => one.payment_intent === payment_intent);
        if (!charge) throw new RefusedPlant(`There is no charge of ${payment_intent}.`);
        return openDispute(call, charge, planned);
      }),
    ),
  );

  app.post("/_local/events", (http) =>
    read(http, PlantEvent, ({ type, object, previous_attributes: previous, id, created }) =>
      change(world, (call) =>
        emitEvent(
          { ...call, now: created ?? call.now },
          {
            // Any type may be planted, also ones Stripe has not invented.
            type: type as Stripe.Event.Type,
            object: object as unknown as Stripe.Event.Data.Object,
            ...(previous ? { previous } : {}),
            ...(id ? { id } : {}),
          },
        ),
      ),
    ),
  );

  app.post("/_local/events/:id/deliver", (http) => {
    const event = world.store.events.get(http.req.param("id"));
    if (!event) return http.json({ error: `There is no event ${http.req.param("id")}.` }, 404);
    change(world, (call) => queueDelivery(call, event.id));
    // The button on the page is a form: it goes back to the page.
    return http.req.header("content-type")?.includes("form")
      ? http.redirect("/#events", 303)
      : http.json({ id: event.id });
  });

  app.get("/_local/webhooks", (http) => http.json(world.deliverer.mode()));
  app.post("/_local/webhooks", (http) =>
    read(http, Webhooks, (mode) => {
      world.deliverer.setMode(mode);
      return world.deliverer.mode();
    }),
  );

  app.post("/_local/retries", (http) =>
    read(http, Retries, (rules) =>
      change(world, ({ store }) => {
        setRetryRules(store, rules);
        return retryRules(store);
      }),
    ),
  );

  app.post("/_local/clock", (http) =>
    read(http, Clock, ({ advanceMs }) => {
      change(world, ({ store }) => advanceClock(store, advanceMs));
      sweep(world);
      return { now: new Date(clockNow(world.store)).toISOString() };
    }),
  );

  app.post("/_local/reset", (http) => {
    world.store.reset();
    world.faults.clear();
    return http.json({});
  });

  app.all("/_local/*", (http) =>
    http.json({ error: `There is no ${http.req.path}; see local/stripe/README.md.` }, 404),
  );
}

class RefusedPlant extends Error {
  override readonly name = "RefusedPlant";
}

async function read<Input>(http: Context, shape: z.ZodType<Input>, run: (input: Input) => unknown): Promise<Response> {
  const parsed = shape.safeParse(await http.req.json().catch(() => undefined));
  if (!parsed.success) return http.json({ error: z.prettifyError(parsed.error) }, 400);
  try {
    return http.json((run(parsed.data) as object | undefined) ?? {});
  } catch (error) {
    if (error instanceof RefusedPlant || error instanceof ApiError) return http.json({ error: error.message }, 400);
    throw error;
  }
}

/**
 * A page from elsewhere must not drive this server through a visitor's browser: browsers send Origin with every
 * POST, and a foreign name pointed at 127.0.0.1 shows in Host. Programs send no Origin.
 */
function isFromHere(http: Context, world: World): boolean {
  const own = new URL(world.publicUrl);
  const hosts = ["127.0.0.1", "localhost", "[::1]", own.hostname];
  const host = http.req.header("host")?.replace(/:\d+$/, "") ?? "";
  if (!hosts.includes(host)) return false;
  const origin = http.req.header("origin");
  if (origin === undefined) return true;
  return URL.canParse(origin) && (origin === own.origin || new URL(origin).host === http.req.header("host"));
}
