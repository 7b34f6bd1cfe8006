import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { orNotFound } from "@/app/_server/or-not-found";
import { firstOf, type SearchParams } from "@/app/_server/search-params";
import { Notice } from "@/components/notice";
import { OrderLines } from "@/components/order-lines";
import { OrderRefunds } from "@/components/order-refunds";
import { OrderTimeline } from "@/components/order-timeline";
import { chargingWords, isSettled, orderExplanation, orderWords, paymentCheckWords } from "@/components/order-words";
import { PostalAddress } from "@/components/postal-address";
import { StatusLight } from "@/components/status-light";
import { format } from "@/lib/money/money";
import { getOrderForShopper, type ShopperOrderView } from "@/lib/orders/get-order-for-shopper";
import { OrderAccessInput } from "@/lib/orders/schema";
import { routes } from "@/lib/routes";
import { orderRunTag } from "@/lib/runs/tags";
import { getStoreSettings } from "@/lib/store-settings";
import { CancelForm } from "./_components/cancel-form";
import { OrderLive } from "./_components/order-live";
import { PaymentCheck } from "./_components/payment-check";

type Props = { params: Promise<{ id: string }>; searchParams: SearchParams };

const readOrder = cache(async (id: string, token: string) => {
  const asked = OrderAccessInput.safeParse({ orderId: id, token });
  if (!asked.success) notFound();
  return orNotFound(getOrderForShopper(asked.data.orderId, asked.data.token));
});

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const order = await readOrder((await params).id, firstOf((await searchParams).token));
  return { title: `Order ${order.number}`, robots: { index: false } };
}

export default async function OrderPage({ params, searchParams }: Props) {
  const { token: givenToken, payment, paid } = await searchParams;
  const token = firstOf(givenToken);
  const order = await readOrder((await params).id, token);
  const { timeZone } = await getStoreSettings();
  // Stripe's page leads here after paying, a moment before its message: a way to pay now would invite to pay twice.
  const isChecking = order.canPay && firstOf(paid) === "1";
  const { tone, text, explanation } = wordsOf(order, isChecking);

  return (
    <div className="grid items-start gap-8 lg:grid-cols-[1fr_22rem] lg:gap-12">
      <div>
        <p className="label">Order {order.number}</p>
        <div className="mt-1 flex items-center gap-4">
          <StatusLight tone={tone} large />
          <h1 className="text-3xl font-bold tracking-tight">{headingOf(order.status, text)}</h1>
        </div>
        <p className="mt-4 max-w-prose" aria-live="polite">
          {explanation}
        </p>
        {order.askedBecause && !isChecking && (
          <div className="mt-4">
            <Notice tone="waiting">
              {order.askedBecause} You can pay on Stripe’s page, with the same card or another one.
            </Notice>
          </div>
        )}
        {firstOf(payment) === "unavailable" && order.canPay && (
          <div className="mt-4">
            <Notice tone="waiting">
              The payment page cannot be reached just now. Your order is kept and you have not been charged. Please try
              again in a minute.
            </Notice>
          </div>
        )}
        {isChecking && <PaymentCheck orderHref={routes.order(order.id, token)} />}
        {order.canPay && !isChecking && (
          // Not a <Link>: it leaves the store, and must not be fetched ahead.
          <a href={routes.orderPayment(order.id, token)} className="button button-primary mt-5">
            Pay {format(order.total)}
          </a>
        )}
        {order.shipment && (
          <p className="mt-4 text-sm text-soft">
            {order.shipment.carrier}, tracking number{" "}
            <span className="figure text-ink">{order.shipment.trackingNumber}</span>
          </p>
        )}
        <CancelForm orderId={order.id} token={token} left={format(order.left)} isOffered={order.canCancel} />
        <OrderLive orderId={order.id} token={token} tag={orderRunTag(order.id)} settled={isSettled(order)} />
      </div>
      <aside aria-label="Order details" className="space-y-6">
        <section aria-label="Progress" className="border border-line-strong p-4">
          <OrderTimeline order={order} timeZone={timeZone} />
        </section>
        <OrderLines order={order} />
        {order.refunds.length > 0 && <OrderRefunds refunds={order.refunds} timeZone={timeZone} />}
        <section aria-labelledby="ship-to">
          <h2 id="ship-to" className="label mb-1">
            Ship to
          </h2>
          <PostalAddress address={order.shipTo} />
        </section>
      </aside>
    </div>
  );
}

function wordsOf(order: ShopperOrderView, isChecking: boolean) {
  if (order.isBeingCharged) return chargingWords;
  return isChecking ? paymentCheckWords : { ...orderWords(order), explanation: orderExplanation(order) };
}

function headingOf(status: string, text: string): string {
  if (status === "pending" || status === "expired") return text;
  return text === "Payment failed" ? text : `Order ${text.toLowerCase()}`;
}
