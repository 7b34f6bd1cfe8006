"use client";

import { useActionState } from "react";
import { Notice } from "@/components/notice";
import type { TriggeredOrders } from "@/lib/orders/batch-trigger-orders";
import { batchTriggerOrdersAction } from "../actions";
import { triggeredWords } from "./triggered-words";

/** Has the chosen orders of the list processed again, and says what came of it. A form without JavaScript, too. */
export function ProcessAgainForm({ formId }: { formId: string }) {
  const [triggered, trigger, triggering] = useActionState(batchTriggerOrdersAction, null);
  return (
    <form id={formId} action={trigger} className="mb-3 space-y-3">
      <button type="submit" disabled={triggering} className="button button-small">
        Process again
      </button>
      {triggered?.ok === false && <Notice tone="stopped">{triggered.message}</Notice>}
      {triggered?.ok && <Outcome triggered={triggered.value} />}
    </form>
  );
}

function Outcome({ triggered }: { triggered: TriggeredOrders }) {
  const { asked, left } = triggered;
  const isOnlyOne = asked.length === 0 && left.length === 1;
  return (
    <Notice tone={asked.length > 0 ? "good" : "waiting"}>
      <p>{triggeredWords(triggered)}</p>
      {left.length > 0 && !isOnlyOne && (
        <details className="mt-1" open={left.length <= 5}>
          <summary className="cursor-pointer">
            {left.length === 1 ? "One was left as it is" : `${left.length} were left as they are`}
          </summary>
          <ul className="mt-1 space-y-0.5">
            {left.map(({ orderId, number, why }) => (
              <li key={orderId}>
                <span className="figure">{number === null ? orderId : `#${number}`}</span> {why}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Notice>
  );
}
