import { type Actor, type CustomerActor, requireStaff } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import type { PastOrder, PastOrderKind, PastOrderLine, Prisma } from "@/lib/db/generated/client";
import type { ImportId, PastOrderId } from "@/lib/ids";
import { type Money, money } from "@/lib/money/money";
import { PastOrderNotFoundError } from "./errors";

export type PastOrderSummary = {
  id: PastOrderId;
  kind: PastOrderKind;
  number: string;
  /** Who it was, by the best that the file says: a mail address, a name, or a number. */
  who: string;
  pieces: number;
  total: Money;
  placedAt: Date;
};

/**
 * What was sold and given back before the shop moved here, newest first. `search` is the beginning of a number, a part of
 * a mail address or name, or a customer's number. `before` is the `nextBefore` of the page before; null there says that
 * this was the last page.
 *
 * @throws NotAllowedError
 */
export async function listPastOrders(asked: {
  actor: Actor;
  search?: string;
  before?: string;
  limit?: number;
}): Promise<{ orders: PastOrderSummary[]; nextBefore: string | null }> {
  const { actor, search, before, limit = 50 } = asked;
  requireStaff(actor);
  const rows = await db().pastOrder.findMany({
    where: { AND: [matching(search), behind(before)] },
    orderBy: [{ placedAt: "desc" }, { id: "desc" }],
    include: { lines: { select: { quantity: true } } },
    take: limit + 1,
  });
  const orders = rows.slice(0, limit).map(toSummary);
  const last = orders.at(-1);
  return { orders, nextBefore: rows.length > limit && last ? `${last.placedAt.getTime()}.${last.id}` : null };
}

function matching(search = ""): Prisma.PastOrderWhereInput {
  const text = search.replaceAll("\0", "").trim();
  if (text === "") return {};
  const part = text.replace(/[\\%_]/g, "\\$&");
  return {
    OR: [
      { number: { startsWith: part } },
      { email: { contains: part.toLowerCase() } },
      { name: { contains: part, mode: "insensitive" } },
      { customer: text },
    ],
  };
}

function behind(before: string | undefined): Prisma.PastOrderWhereInput {
  const [, ms, id = ""] = /^(-?\d{1,15})\.([a-z0-9_]{1,40})$/.exec(before ?? "") ?? [];
  if (ms === undefined) return {};
  const placedAt = new Date(Number(ms));
  return { OR: [{ placedAt: { lt: placedAt } }, { placedAt, id: { lt: id } }] };
}

function toSummary(order: PastOrder & { lines: { quantity: number }[] }): PastOrderSummary {
  return {
    id: order.id as PastOrderId,
    kind: order.kind,
    number: order.number,
    who: order.email ?? order.name ?? order.customer ?? "",
    pieces: order.lines.reduce((count, { quantity }) => count + quantity, 0),
    total: money(order.totalAmount, order.currency),
    placedAt: order.placedAt,
  };
}

/**
 * What a shopper bought before the shop moved here. Only for whoever has proved that the mail address is theirs: an
 * account alone proves nothing.
 */
export async function listOwnPastOrders({
  actor,
  limit = 20,
}: {
  actor: CustomerActor;
  limit?: number;
}): Promise<PastOrderSummary[]> {
  const user = await db().user.findUnique({ where: { id: actor.userId } });
  if (!user?.emailVerified) return [];
  const rows = await db().pastOrder.findMany({
    where: { email: user.email },
    orderBy: [{ placedAt: "desc" }, { id: "desc" }],
    include: { lines: { select: { quantity: true } } },
    take: limit,
  });
  return rows.map(toSummary);
}

export type PastOrderView = PastOrderSummary & {
  importId: ImportId | null;
  email: string | null;
  customer: string | null;
  name: string | null;
  country: string | null;
  lines: (Pick<PastOrderLine, "position" | "kind" | "sku" | "title" | "quantity"> & {
    unitPrice: Money;
    total: Money;
  })[];
  subtotal: Money;
  discount: Money;
  discountCode: string | null;
  shipping: Money;
  shippingName: string | null;
  tax: Money;
  taxIncluded: boolean;
};

/** @throws NotAllowedError, PastOrderNotFoundError */
export async function getPastOrder({ actor, id }: { actor: Actor; id: PastOrderId }): Promise<PastOrderView> {
  requireStaff(actor);
  const order = await db().pastOrder.findUnique({
    where: { id },
    include: { lines: { orderBy: { position: "asc" } } },
  });
  if (!order) throw new PastOrderNotFoundError();
  const of = (amount: number) => money(amount, order.currency);
  const { importId, email, customer, name, country, discountCode, shippingName, taxIncluded } = order;
  return {
    ...toSummary(order),
    ...{ email, customer, name, country, discountCode, shippingName, taxIncluded },
    importId: importId as ImportId | null,
    lines: order.lines.map(({ position, kind, sku, title, quantity, unitPriceAmount, totalAmount }) => ({
      ...{ position, kind, sku, title, quantity },
      unitPrice: of(unitPriceAmount),
      total: of(totalAmount),
    })),
    subtotal: of(order.subtotalAmount),
    discount: of(order.discountAmount),
    shipping: of(order.shippingAmount),
    tax: of(order.taxAmount),
  };
}
