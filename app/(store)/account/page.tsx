import type { Metadata } from "next";
import Link from "next/link";
import { requireCustomerActor } from "@/app/_server/session";
import { signOutAction } from "@/app/sign-in/actions";
import { Empty } from "@/components/empty";
import { Moment } from "@/components/moment";
import { orderWords } from "@/components/order-words";
import { Price } from "@/components/price";
import { Status } from "@/components/status-light";
import { listCards, type SavedCardView } from "@/lib/cards/list-cards";
import { listOwnPastOrders, type PastOrderSummary } from "@/lib/history/find-past-orders";
import { listOwnOrders, type OwnOrder } from "@/lib/orders/list-own-orders";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";
import { CardForms } from "./_components/card-forms";

export const metadata: Metadata = { title: "Your account", robots: { index: false } };

export default async function AccountPage() {
  const actor = await requireCustomerActor();
  const [cards, orders, pastOrders, { timeZone }] = await Promise.all([
    listCards({ actor, now: new Date() }),
    listOwnOrders({ actor }),
    listOwnPastOrders({ actor }),
    getStoreSettings(),
  ]);
  return (
    <>
      <div className="mb-8 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <h1 className="text-3xl font-bold tracking-tight">Your account</h1>
          <p className="mt-1 break-words text-soft">
            {actor.name}, {actor.email}
          </p>
        </div>
        <form action={signOutAction}>
          <button type="submit" className="button button-small">
            Sign out
          </button>
        </form>
      </div>
      <div className="grid items-start gap-8 lg:grid-cols-2 lg:gap-12">
        <section aria-labelledby="cards">
          <h2 id="cards" className="mb-3 text-lg font-semibold">
            Cards
          </h2>
          {cards.length === 0 ? (
            <Empty title="You keep no card here.">
              At the checkout you can have the card kept that you pay with. Stripe keeps it; we only know its last
              digits.
            </Empty>
          ) : (
            <ul className="border border-line-strong">
              {cards.map((card) => (
                <Card key={card.id} card={card} />
              ))}
            </ul>
          )}
        </section>
        <section aria-labelledby="orders">
          <h2 id="orders" className="mb-3 text-lg font-semibold">
            Orders
          </h2>
          {orders.length === 0 ? (
            <Empty title="You have not ordered anything yet while you were signed in.">
              <Link href={routes.home()} className="link">
                See what is on the shelf
              </Link>
            </Empty>
          ) : (
            <ul className="border border-line-strong">
              {orders.map((order) => (
                <OrderRow key={order.id} order={order} timeZone={timeZone} />
              ))}
            </ul>
          )}
          {pastOrders.length > 0 && (
            <>
              <h3 className="mt-6 mb-3 font-semibold">Before we moved to this shop</h3>
              <ul className="border border-line-strong">
                {pastOrders.map((order) => (
                  <PastOrderRow key={order.id} order={order} timeZone={timeZone} />
                ))}
              </ul>
            </>
          )}
        </section>
      </div>
    </>
  );
}

function PastOrderRow({ order, timeZone }: { order: PastOrderSummary; timeZone: string }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-3 last:border-b-0">
      <div>
        <p className="font-semibold">
          {order.kind === "sale" ? "Order" : "Refund of"} {order.number}
        </p>
        <p className="text-sm text-soft">
          <Moment at={order.placedAt} timeZone={timeZone} />
        </p>
      </div>
      <Price value={order.total} />
    </li>
  );
}

function Card({ card }: { card: SavedCardView }) {
  const { id, name, expiry, isExpired, isDefault } = card;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-3 last:border-b-0">
      <div>
        <p className="font-semibold">
          {name}
          {isDefault && <span className="label ml-2 border border-line-strong px-1.5 py-0.5">Used first</span>}
        </p>
        <p className={`text-sm ${isExpired ? "text-alarm" : "text-soft"}`}>
          {isExpired ? "Expired" : "Expires"} <span className="figure">{expiry}</span>
        </p>
      </div>
      <CardForms cardId={id} name={name} canBeDefault={!isDefault && !isExpired} />
    </li>
  );
}

function OrderRow({ order, timeZone }: { order: OwnOrder; timeZone: string }) {
  const { tone, text } = orderWords(order);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-3 last:border-b-0">
      <div>
        <Link href={routes.order(order.id, order.accessToken)} className="link font-semibold">
          Order {order.number}
        </Link>
        <p className="text-sm text-soft">
          <Moment at={order.placedAt} timeZone={timeZone} />
        </p>
      </div>
      <div className="text-sm sm:text-right">
        <Price value={order.total} />
        <p>
          <Status tone={tone}>{text}</Status>
        </p>
      </div>
    </li>
  );
}
