import { Moment } from "@/components/moment";
import { Price } from "@/components/price";
import { refundWords } from "@/components/refund-words";
import { Status } from "@/components/status-light";
import type { StaffOrderView } from "@/lib/orders/get-order-for-staff";
import { refundReasonWords } from "@/lib/orders/refund-status";
import { Columns } from "./section";

/** What was given back, or is promised, with why and by whom. */
export function Refunds({ refunds, timeZone }: Pick<StaffOrderView, "refunds"> & { timeZone: string }) {
  return (
    <div className="overflow-x-auto">
      <table className="table">
        <Columns names={["When", "State", "Why", "At Stripe", "Amount"]} />
        <tbody>
          {refunds.map((refund) => {
            const { tone, text } = refundWords(refund.state);
            return (
              <tr key={refund.id}>
                <td className="figure w-px text-xs">
                  <Moment at={refund.settledAt ?? refund.createdAt} timeZone={timeZone} />
                </td>
                <td>
                  <Status tone={tone}>{text}</Status>
                </td>
                <td>
                  {refundReasonWords[refund.reason]}
                  {refund.note && <span className="block text-soft">{refund.note}</span>}
                  {refund.failureReason && <span className="block text-alarm">{refund.failureReason}</span>}
                  {refund.requestedBy === "stripe" && <span className="block text-soft">made at Stripe</span>}
                </td>
                <td className="figure text-xs break-all">{refund.stripeRefundId ?? "–"}</td>
                <td className="text-right">
                  <Price value={refund.amount} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
