import type { OrderView, TimelineEntry } from "@/lib/orders/order-view";
import { Moment } from "./moment";

/** The way of an order: what each step is called once it is done, and before. */
const steps = [
  { kind: "place", done: "Placed", ahead: "Order" },
  { kind: "authorize", done: "Paid", ahead: "Payment" },
  { kind: "confirm", done: "Confirmed", ahead: "Confirmation" },
  { kind: "fulfil", done: "Packed", ahead: "Packing" },
  { kind: "ship", done: "Shipped", ahead: "Shipping" },
  { kind: "deliver", done: "Delivered", ahead: "Delivery" },
] as const;

const ends: Record<string, string> = {
  cancel: "Cancelled",
  cancelPaid: "Cancelled",
  cancelOwn: "Cancelled",
  expire: "Expired",
  decline: "Payment failed",
  fail: "Payment failed",
  refuse: "Payment given back",
};

type Step = { key: string; text: string; entry: TimelineEntry | undefined; state: "done" | "next" | "ahead" | "ended" };

/** Steps that are done, then the end if there was one, else what is still to come. */
function stepsOf({ timeline }: Pick<OrderView, "timeline">): Step[] {
  const entryOf = (kind: string) => timeline.findLast((entry) => entry.kind === kind);
  const end = timeline.findLast((entry) => ends[entry.kind]);
  const reopened = entryOf("reopen");
  const isOver = end && !(reopened && reopened.at >= end.at);
  const done: Step[] = [];
  const ahead: Step[] = [];
  for (const step of steps) {
    const entry = entryOf(step.kind);
    if (entry) done.push({ key: step.kind, text: step.done, entry, state: "done" });
    else ahead.push({ key: step.kind, text: step.ahead, entry, state: ahead.length === 0 ? "next" : "ahead" });
  }
  if (isOver) return [...done, { key: "end", text: ends[end.kind] ?? end.kind, entry: end, state: "ended" }];
  return [...done, ...ahead];
}

const marks: Record<Step["state"], string> = {
  done: "bg-lamp-green border-ink/60",
  next: "bg-lamp-amber border-ink/60",
  ahead: "bg-lamp-off border-line-strong",
  ended: "bg-lamp-red border-ink/60",
};

/** How far an order is, from placed to delivered. */
export function OrderTimeline({ order, timeZone }: { order: Pick<OrderView, "timeline">; timeZone: string }) {
  return (
    <ol aria-label="Timeline" className="text-sm">
      {stepsOf(order).map(({ key, text, entry, state }) => (
        <li
          key={key}
          aria-current={state === "next" ? "step" : undefined}
          className="relative grid grid-cols-[1rem_1fr_auto] gap-x-3 pb-4 last:pb-0 not-last:before:absolute not-last:before:top-4 not-last:before:bottom-0 not-last:before:left-[7.5px] not-last:before:w-px not-last:before:bg-line-strong"
        >
          <span aria-hidden="true" className={`mt-1 ml-px h-3.5 w-3.5 border ${marks[state]}`} />
          <div>
            <p className={state === "ahead" || state === "next" ? "text-soft" : "font-semibold"}>{text}</p>
            {entry && <p className="text-soft">{entry.message}</p>}
          </div>
          {entry && (
            <span className="label pt-0.5">
              <Moment at={entry.at} timeZone={timeZone} withDate={false} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
