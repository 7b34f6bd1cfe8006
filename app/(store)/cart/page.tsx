import type { Metadata } from "next";
import Link from "next/link";
import { currentCart } from "@/app/_server/current-cart";
import { recentTerms } from "@/app/_server/store-terms";
import { Empty } from "@/components/empty";
import { OrderTotals } from "@/components/order-totals";
import { Price } from "@/components/price";
import { ProductImage } from "@/components/product-image";
import type { CartLineView } from "@/lib/cart/get-cart";
import { quoteOrder } from "@/lib/orders/quote-order";
import { routes } from "@/lib/routes";
import { DiscountForm } from "../_components/discount-form";
import { CartLineForms } from "./_components/cart-line-forms";

export const metadata: Metadata = { title: "Cart" };

export default async function CartPage() {
  const [cart, { list }] = await Promise.all([currentCart(), recentTerms()]);
  const { discount, totals } = await quoteOrder(cart, { list, now: new Date() });
  if (cart.lines.length === 0)
    return (
      <>
        <h1 className="mb-6 text-3xl font-bold tracking-tight">Cart</h1>
        <Empty title="Your cart is empty.">
          <Link href={routes.home()} className="link">
            See what is on the shelf
          </Link>
        </Empty>
      </>
    );
  return (
    <div className="grid items-start gap-8 lg:grid-cols-[1fr_20rem] lg:gap-12">
      <div>
        <h1 className="mb-6 text-3xl font-bold tracking-tight">Cart</h1>
        <ul className="border-t border-line">
          {cart.lines.map((line) => (
            <CartLine key={line.variantId} line={line} />
          ))}
        </ul>
      </div>
      <section aria-label="Total" className="border border-line-strong lg:mt-[3.75rem]">
        <OrderTotals totals={totals} />
        <div className="border-t border-line">
          <DiscountForm discount={discount} />
        </div>
        <div className="border-t border-line p-4">
          {cart.orderable ? (
            <Link href={routes.checkout()} className="button button-primary w-full">
              Checkout
            </Link>
          ) : (
            <p className="text-sm text-alarm">
              Some items cannot be ordered as they are. Change or remove them to go on.
            </p>
          )}
        </div>
      </section>
    </div>
  );
}

const problems = {
  "not-on-sale": () => "This is not on sale any more. Remove it to go on.",
  "sold-out": () => "This has sold out. Remove it to go on.",
  "not-enough": ({ available }: CartLineView) => `Only ${available} left. Lower the quantity to go on.`,
} satisfies Record<NonNullable<CartLineView["problem"]>, (line: CartLineView) => string>;

function CartLine({ line }: { line: CartLineView }) {
  const name = line.variantTitle ? `${line.title}, ${line.variantTitle}` : line.title;
  return (
    <li className="grid grid-cols-[5rem_1fr] gap-4 border-b border-line py-4 sm:grid-cols-[7rem_1fr_auto]">
      <div className="self-start border border-line">
        <ProductImage title={line.title} image={line.imageUrl ? { url: line.imageUrl, alt: "" } : null} />
      </div>
      <div className="min-w-0">
        <Link href={routes.product(line.productHandle)} className="font-semibold hover:text-signal">
          {line.title}
        </Link>
        {line.variantTitle && <p className="text-sm text-soft">{line.variantTitle}</p>}
        <p className="text-sm text-soft">
          <Price value={line.unitPrice} /> each
        </p>
        {line.problem && <p className="mt-1 text-sm text-alarm">{problems[line.problem](line)}</p>}
        <CartLineForms variantId={line.variantId} name={name} quantity={line.quantity} />
      </div>
      <p className="col-start-2 font-medium sm:col-start-3 sm:text-right">
        <span className="sr-only">Line total: </span>
        <Price value={line.total} />
      </p>
    </li>
  );
}
