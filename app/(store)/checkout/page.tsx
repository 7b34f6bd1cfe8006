import type { Metadata } from "next";
import Link from "next/link";
import { currentCart } from "@/app/_server/current-cart";
import { currentActor } from "@/app/_server/session";
import { recentTerms } from "@/app/_server/store-terms";
import { Empty } from "@/components/empty";
import { Price } from "@/components/price";
import { listCards } from "@/lib/cards/list-cards";
import { quoteOrder } from "@/lib/orders/quote-order";
import { routes } from "@/lib/routes";
import { DiscountForm } from "../_components/discount-form";
import { CheckoutForm } from "./_components/checkout-form";

export const metadata: Metadata = { title: "Checkout" };

const regions = new Intl.DisplayNames("en", { type: "region" });
const byName = new Intl.Collator("en");

export default async function CheckoutPage() {
  const now = new Date();
  const [cart, { list }, actor] = await Promise.all([currentCart(), recentTerms(), currentActor()]);
  const { discount, totals, destinations } = await quoteOrder(cart, { list, now });
  const customer = actor.kind === "customer" ? actor : null;
  const cards = customer ? (await listCards({ actor: customer, now })).filter(({ isExpired }) => !isExpired) : [];
  const countries = destinations
    .flatMap((destination) => destination.countries)
    .map((country) => ({ country, name: regions.of(country) ?? country }))
    .sort((a, b) => byName.compare(a.name, b.name));
  return (
    <>
      <h1 className="mb-6 text-3xl font-bold tracking-tight">Checkout</h1>
      {cart.orderable ? (
        <CheckoutForm
          countries={countries}
          destinations={JSON.stringify(destinations)}
          totals={totals}
          shopper={customer && { name: customer.name, email: customer.email }}
          cards={cards}
          discountCode={discount?.problem === null ? discount.code : undefined}
          summary={
            <>
              <ul className="border-b border-line px-4 py-3 text-sm">
                {cart.lines.map((line) => (
                  <li key={line.variantId} className="flex justify-between gap-4 py-0.5">
                    <span>
                      <span className="figure">{line.quantity} ×</span> {line.title}
                      {line.variantTitle && <span className="text-soft"> {line.variantTitle}</span>}
                    </span>
                    <Price value={line.total} />
                  </li>
                ))}
              </ul>
              <div className="border-b border-line">
                <DiscountForm discount={discount} />
              </div>
            </>
          }
        />
      ) : (
        <Empty
          title={
            cart.lines.length === 0 ? "Your cart is empty, so there is nothing to order." : "Your cart needs a look."
          }
        >
          {cart.lines.length === 0 ? (
            <Link href={routes.home()} className="link">
              See what is on the shelf
            </Link>
          ) : (
            <>
              Some items cannot be ordered as they are.{" "}
              <Link href={routes.cart()} className="link">
                Go to the cart
              </Link>
            </>
          )}
        </Empty>
      )}
    </>
  );
}
