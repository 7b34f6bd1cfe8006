"use client";

import { useActionState } from "react";
import { format } from "@/lib/money/money";
import type { StaffOrderView } from "@/lib/orders/get-order-for-staff";
import { triggeredWords } from "../../_components/triggered-words";
import { batchTriggerOrdersAction, cancelOrderAction, markDeliveredAction, markShippedAction } from "../../actions";
import { ActionPanel, Refusal } from "./action-panel";
import { RefundForm } from "./refund-form";
import { ReturnForm } from "./return-form";

type Order = Pick<StaffOrderView, "id" | "can" | "paymentStatus" | "refundable" | "returnable">;

/** What staff can do to an order as it stands. Forms without JavaScript, too. */
export function OrderActions({ order }: { order: Order }) {
  const { can } = order;
  const [shipped, ship, shipping] = useActionState(markShippedAction, null);
  const [delivered, deliver, delivering] = useActionState(markDeliveredAction, null);
  const refusal = [shipped, delivered].find((result) => result?.ok === false);
  return (
    <div className="flex flex-wrap items-start gap-2">
      <Refusal message={refusal?.ok === false ? refusal.message : undefined} />
      {can.ship && (
        <form action={ship}>
          <input type="hidden" name="orderId" value={order.id} />
          <button type="submit" disabled={shipping} className="button button-primary button-small">
            Mark as shipped
          </button>
        </form>
      )}
      {can.deliver && (
        <form action={deliver}>
          <input type="hidden" name="orderId" value={order.id} />
          <button type="submit" disabled={delivering} className="button button-primary button-small">
            Mark as delivered
          </button>
        </form>
      )}
      {can.processAgain && <ProcessAgainButton orderId={order.id} />}
      {can.refund && (
        <ActionPanel title="Refund">
          <RefundForm orderId={order.id} left={order.refundable} />
        </ActionPanel>
      )}
      {can.return && (
        <ActionPanel title="Note a return">
          <ReturnForm orderId={order.id} lines={order.returnable} />
        </ActionPanel>
      )}
      {can.cancel && (
        <ActionPanel title="Cancel order">
          <CancelForm order={order} />
        </ActionPanel>
      )}
    </div>
  );
}

/** Has the work that is left done once more, by new runs; safe beside those that still go on. */
function ProcessAgainButton({ orderId }: { orderId: string }) {
  const [triggered, trigger, triggering] = useActionState(batchTriggerOrdersAction, null);
  return (
    <form action={trigger} className="flex flex-wrap items-center gap-2">
      <input type="hidden" name={`order.${orderId}`} value="on" />
      <button type="submit" disabled={triggering} className="button button-small">
        Process again
      </button>
      {triggered && (
        <p role="status" className={`text-sm ${triggered.ok ? "text-soft" : "text-alarm"}`}>
          {triggered.ok ? triggeredWords(triggered.value) : triggered.message}
        </p>
      )}
    </form>
  );
}

function CancelForm({ order }: { order: Order }) {
  const [cancelled, cancel, cancelling] = useActionState(cancelOrderAction, null);
  return (
    <form action={cancel} className="space-y-2">
      <Refusal message={cancelled?.ok === false ? cancelled.message : undefined} />
      <input type="hidden" name="orderId" value={order.id} />
      <label className="block">
        What the shopper is told (optional)
        <textarea name="reason" rows={2} maxLength={500} className="field mt-1 text-sm" />
      </label>
      <p className="text-soft">
        {order.paymentStatus === "paid"
          ? `${format(order.refundable.amount)} is given back, and the goods go back on the shelf.`
          : "Nothing is charged, and the goods go back on the shelf."}
      </p>
      <button type="submit" disabled={cancelling} className="button button-small">
        Cancel this order
      </button>
    </form>
  );
}
