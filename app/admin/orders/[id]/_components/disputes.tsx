import { Moment } from "@/components/moment";
import { Price } from "@/components/price";
import { Status, type Tone } from "@/components/status-light";
import type { DisputeView, StaffOrderView } from "@/lib/orders/get-order-for-staff";
import { Columns } from "./section";

function toneOf({ status, closedAt }: DisputeView): Tone {
  if (!closedAt) return "waiting";
  return status === "lost" ? "stopped" : "good";
}

/** What the cardholder contests, how it stands, and what Stripe has taken for it. */
export function Disputes({ disputes, timeZone }: Pick<StaffOrderView, "disputes"> & { timeZone: string }) {
  return (
    <div className="overflow-x-auto">
      <table className="table">
        <Columns names={["Opened", "State", "Why", "Contested", "Taken"]} />
        <tbody>
          {disputes.map((dispute) => (
            <tr key={dispute.id}>
              <td className="figure w-px text-xs">
                <Moment at={dispute.openedAt} timeZone={timeZone} />
              </td>
              <td>
                <Status tone={toneOf(dispute)}>{dispute.status.replaceAll("_", " ")}</Status>
                {!dispute.closedAt && dispute.evidenceDueAt && (
                  <span className="block text-soft">
                    answer before <Moment at={dispute.evidenceDueAt} timeZone={timeZone} />
                  </span>
                )}
              </td>
              <td>
                {dispute.reason.replaceAll("_", " ")}
                {dispute.blocksRefunds && <span className="block text-soft">nothing can be refunded</span>}
                <span className="figure block text-xs break-all">{dispute.stripeDisputeId}</span>
              </td>
              <td className="text-right">
                <Price value={dispute.amount} />
              </td>
              <td className="text-right">
                {dispute.withdrawn.amount > 0 ? <Price value={dispute.withdrawn} className="text-alarm" /> : "–"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
