import type { Metadata } from "next";
import Link from "next/link";
import { readCartId } from "@/app/_server/cart-cookie";
import { Empty } from "@/components/empty";
import { OrderTotals } from "@/components/order-totals";
import { Price } from "@/components/price";
import { format } from "@/lib/money/money";
import { quoteOrder } from "@/lib/orders/quote-order";
import { routes } from "@/lib/routes";
import { CheckoutForm } from "./_components/checkout-form";
import { countries } from "./countries";

export const metadata: Metadata = { title: "Checkout" };

export default async function CheckoutPage() {
  const { cart, price } = await quoteOrder(await readCartId());
  return (
    <>
      <h1 className="mb-6 text-3xl font-bold tracking-tight">Checkout</h1>
      {cart.orderable ? (
        <div className="grid items-start gap-8 lg:grid-cols-[1fr_20rem] lg:gap-12">
          <CheckoutForm total={format(price.total)} countries={countries} />
          <section aria-label="Your order" className="border border-line-strong lg:order-last">
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
            <OrderTotals subtotal={price.subtotal} shipping={price.shipping} total={price.total} />
          </section>
        </div>
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
