import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { OrderTimeline } from "@/components/order-timeline";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 10, minute));

function stepsAfter(...kinds: string[]): string[] {
  const timeline = kinds.map((kind, index) => ({ id: `${index}`, kind, actor: "system", message: "", at: at(index) }));
  const html = renderToStaticMarkup(<OrderTimeline order={{ timeline }} timeZone="UTC" />);
  return [...html.matchAll(/<p class="(font-semibold|text-soft)">([^<]+)</g)].map(
    ([, look, text]) => `${look === "font-semibold" ? "✓ " : ""}${text}`,
  );
}

describe("the timeline of an order", () => {
  it("does not say Confirmed before the order is", () => {
    expect(stepsAfter("place", "authorize")).toEqual([
      "✓ Placed",
      "✓ Paid",
      "Confirmation",
      "Packing",
      "Shipping",
      "Delivery",
    ]);
  });

  it("says Confirmed once it is, and goes on saying so when the parcel is packed and shipped", () => {
    const all = ["place", "authorize", "confirm", "fulfil", "ship"];

    expect(stepsAfter(...all.slice(0, 3))).toContain("✓ Confirmed");
    expect(stepsAfter(...all)).toEqual(["✓ Placed", "✓ Paid", "✓ Confirmed", "✓ Packed", "✓ Shipped", "Delivery"]);
    expect(stepsAfter(...all, "deliver").at(-1)).toBe("✓ Delivered");
  });

  it("ends where the order ended: nothing is announced that will not come", () => {
    expect(stepsAfter("place", "expire")).toEqual(["✓ Placed", "✓ Expired"]);
    expect(stepsAfter("place", "authorize", "cancel")).toEqual(["✓ Placed", "✓ Paid", "✓ Cancelled"]);
    for (const end of ["cancelPaid", "cancelOwn"])
      expect(stepsAfter("place", "authorize", "confirm", end, "refund", "refunded")).toEqual([
        "✓ Placed",
        "✓ Paid",
        "✓ Confirmed",
        "✓ Cancelled",
      ]);
  });

  it("goes on after an order that had expired was paid after all", () => {
    expect(stepsAfter("place", "expire", "authorize", "reopen", "confirm")).toEqual([
      "✓ Placed",
      "✓ Paid",
      "✓ Confirmed",
      "Packing",
      "Shipping",
      "Delivery",
    ]);
  });
});
