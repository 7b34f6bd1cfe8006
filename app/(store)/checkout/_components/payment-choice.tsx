"use client";

import Link from "next/link";
import type { SavedCardView } from "@/lib/cards/list-cards";
import { routes } from "@/lib/routes";

/**
 * How to pay: with a card that is kept, or on Stripe's page, where the card can be kept for the next time. A guest is told
 * what an account would do. Plain radio buttons: they work without JavaScript.
 */
export function PaymentChoice({
  cards,
  chosenId,
  choose,
  keepCard,
  isSignedIn,
}: {
  cards: SavedCardView[];
  /** Empty for Stripe's page. */
  chosenId: string;
  choose: (id: string) => void;
  keepCard: boolean;
  isSignedIn: boolean;
}) {
  if (!isSignedIn)
    return (
      <p className="text-sm text-soft">
        To keep your card for the next time, or to pay with one you keep,{" "}
        <Link href={routes.signInToCheckout()} className="link">
          sign in
        </Link>{" "}
        first.
      </p>
    );
  const ways = [
    ...cards.map(({ id, name, expiry }) => ({ id: id as string, name, note: `expires ${expiry}` })),
    { id: "", name: cards.length > 0 ? "Another card" : "A card", note: "on Stripe’s page" },
  ];
  return (
    <fieldset>
      <legend className="mb-3 text-lg font-semibold">Payment</legend>
      <div className="border border-line-strong">
        {ways.map((way) => (
          <label
            key={way.id}
            className="flex min-h-11 items-center gap-x-3 border-b border-line px-3 py-2 last:border-b-0"
          >
            <input
              type="radio"
              name="payWith"
              value={way.id}
              defaultChecked={way.id === chosenId}
              onChange={() => choose(way.id)}
              className="accent-signal"
            />
            <span className="flex-1">{way.name}</span>
            <span className="text-sm text-soft">{way.note}</span>
          </label>
        ))}
      </div>
      {/* Hidden by style only, so that what was ticked stays ticked; it counts for Stripe's page alone. */}
      <label className={`mt-3 flex items-start gap-3 text-sm ${chosenId === "" ? "" : "hidden"}`}>
        <input type="checkbox" name="keepCard" defaultChecked={keepCard} className="mt-1 accent-signal" />
        <span>
          Keep the card I pay with on Stripe’s page for my next orders. Stripe keeps it, and it is charged only when I
          place an order with it. I can remove it in my account at any time.
        </span>
      </label>
    </fieldset>
  );
}
