import { Moment } from "@/components/moment";
import { Status, type Tone } from "@/components/status-light";
import type { ReturnView, StaffOrderView } from "@/lib/orders/get-order-for-staff";
import { ReceiveReturnForm } from "./receive-return-form";

const words: Record<ReturnView["state"], { tone: Tone; text: string }> = {
  requested: { tone: "waiting", text: "Expected" },
  received: { tone: "good", text: "Received" },
  rejected: { tone: "off", text: "Called off" },
};

/** What is to come back and what has, each with a form as long as it is expected. */
export function Returns({ id, returns, timeZone }: Pick<StaffOrderView, "id" | "returns"> & { timeZone: string }) {
  return (
    <ul className="space-y-3">
      {returns.map((one) => {
        const { tone, text } = words[one.state];
        return (
          <li key={one.id} className="space-y-2 border border-line p-3 text-sm">
            <p className="flex flex-wrap items-center justify-between gap-x-4">
              <Status tone={tone}>{text}</Status>
              <span className="figure text-xs">
                <Moment at={one.createdAt} timeZone={timeZone} />
              </span>
            </p>
            <p className="text-soft">{one.reason}</p>
            {one.state === "requested" ? (
              <ReceiveReturnForm orderId={id} expected={one} />
            ) : (
              <ul>
                {one.lines.map((line) => (
                  <li key={line.orderLineId}>
                    <span className="figure">{one.state === "received" ? line.received : line.quantity} ×</span>{" "}
                    {line.title}
                    {one.state === "received" && (
                      <span className="text-soft">
                        {" "}
                        of {line.quantity}, {line.restocked} back on the shelf
                      </span>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </li>
        );
      })}
    </ul>
  );
}
