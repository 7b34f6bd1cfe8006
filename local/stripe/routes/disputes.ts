import type Stripe from "stripe";
import { z } from "zod";
import { type Route, route } from "../api";
import type { Call } from "../call";
import { createdParam, inRange, listPage, noParams, pageParams } from "../list";
import { mergeMetadata } from "../metadata";
import { metadata, type ShapeOf, text } from "../params";
import { acceptDispute, submitEvidence } from "../payments/decide-dispute";
import { emitEvent } from "../webhooks/emit-event";
import { noSuch } from "../wire";

const ListParams = z.strictObject({
  ...pageParams,
  ...createdParam,
  charge: text().optional(),
  payment_intent: text().optional(),
} satisfies ShapeOf<Stripe.DisputeListParams>);

const Evidence = z.strictObject({
  uncategorized_text: text(20_000),
} satisfies ShapeOf<Stripe.DisputeUpdateParams.Evidence>);

const UpdateParams = z.strictObject({
  evidence: Evidence.optional(),
  metadata: metadata().optional(),
} satisfies ShapeOf<Stripe.DisputeUpdateParams>);

/** Disputes are opened by cardholders: by a test card, or through `/_local/disputes`. */
export const disputeRoutes: Route[] = [
  route({
    method: "GET",
    path: "/v1/disputes",
    params: ListParams,
    handle(call, { params }) {
      const found = call.store.disputes
        .values()
        .filter((dispute) => inRange(dispute.created, params.created))
        .filter((dispute) => params.charge === undefined || dispute.charge === params.charge)
        .filter((dispute) => params.payment_intent === undefined || dispute.payment_intent === params.payment_intent);
      return listPage("/v1/disputes", found, params);
    },
  }),
  route({
    method: "GET",
    path: "/v1/disputes/:id",
    params: noParams,
    handle: (call, { id }) => getDispute(call, id),
  }),
  route({
    method: "POST",
    path: "/v1/disputes/:id",
    params: UpdateParams,
    handle(call, { id, params }) {
      const dispute = getDispute(call, id);
      const updated: Stripe.Dispute = { ...dispute, metadata: mergeMetadata(dispute.metadata, params.metadata) };
      if (params.evidence) return submitEvidence(call, updated, params.evidence.uncategorized_text);
      call.store.disputes.put(id, updated);
      emitEvent(call, {
        type: "charge.dispute.updated",
        object: updated,
        previous: { metadata: dispute.metadata },
      });
      return updated;
    },
  }),
  route({
    method: "POST",
    path: "/v1/disputes/:id/close",
    params: noParams,
    handle: (call, { id }) => acceptDispute(call, getDispute(call, id)),
  }),
];

function getDispute(call: Call, id: string): Stripe.Dispute {
  const dispute = call.store.disputes.get(id);
  if (!dispute) throw noSuch("dispute", id);
  return dispute;
}
