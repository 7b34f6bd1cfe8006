import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import { createdParam, inRange, listPage, noParams, pageParams } from "../list";
import { flag, list, type ShapeOf, text } from "../params";
import { noSuch } from "../wire";

/** Events can be listed for 30 days (https://docs.stripe.com/api/events). */
const listedSeconds = 30 * 24 * 60 * 60;

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  delivery_success: flag().optional(),
  type: text().optional(),
  types: list(text()).optional(),
} satisfies ShapeOf<Stripe.EventListParams>);

export const eventRoutes: Route[] = [
  route({
    method: "GET",
    path: "/v1/events",
    params: ListParams,
    handle(call, { params }) {
      const wanted = [...(params.type === undefined ? [] : [params.type]), ...(params.types ?? [])];
      const found = call.store.events
        .values()
        .filter((event) => event.created > call.now - listedSeconds && inRange(event.created, params.created))
        .filter((event) => wanted.length === 0 || wanted.some((type) => isOfType(event, type)))
        .filter(
          (event) =>
            params.delivery_success === undefined || (event.pending_webhooks === 0) === params.delivery_success,
        );
      return listPage("/v1/events", found, params);
    },
  }),
  route({
    method: "GET",
    path: "/v1/events/:id",
    params: noParams,
    handle(call, { id }) {
      const event = call.store.events.get(id);
      if (!event) throw noSuch("event", id);
      return event;
    },
  }),
];

/** A type may be given whole or with `*` at its end: `charge.*`. */
function isOfType(event: Stripe.EventBase, type: string): boolean {
  return type.endsWith("*") ? event.type.startsWith(type.slice(0, -1)) : event.type === type;
}
