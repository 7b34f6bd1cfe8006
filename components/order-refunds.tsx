import type { RefundView } from "@/lib/orders/order-view";
import { Moment } from "./moment";
import { Price } from "./price";
import { refundWords } from "./refund-words";
import { Status } from "./status-light";

/** What was given back of an order, and what is on its way. */
export function OrderRefunds({ refunds, timeZone }: { refunds: readonly RefundView[]; timeZone: string }) {
  return (
    <section aria-labelledby="refunds" className="border border-line-strong">
      <h2 id="refunds" className="label border-b border-line px-4 py-2">
        Refunds
      </h2>
      <ul className="px-4 py-2 text-sm">
        {refunds.map(({ id, state, amount, at, settledAt }) => {
          const { tone, text } = refundWords(state);
          return (
            <li key={id} className="flex flex-wrap items-center justify-between gap-x-4 py-1.5">
              <Status tone={tone}>{text}</Status>
              <Price value={amount} />
              <span className="label basis-full">
                <Moment at={settledAt ?? at} timeZone={timeZone} />
              </span>
            </li>
          );
        })}
      </ul>
      <p className="border-t border-line px-4 py-2 text-sm text-soft">
        Money goes back to the card you paid with. Banks take five to ten days to show it.
      </p>
    </section>
  );
}
