import { z } from "zod";
import { Prisma } from "@/lib/db/generated/client";
import { Currency } from "@/lib/money/money";
import { type BusinessDay, hoursOf } from "./business-day";
import type { Snapshot } from "./snapshot";

const amount = z.int();
const count = z.int().min(0);

/** One currency's trade of one day. Amounts are minor units; currencies are never added up. */
export const CurrencyFigures = z.object({
  currency: Currency,
  /** Orders whose money was captured on the day. Unpaid and imported orders have no captured money. */
  orders: count,
  units: count,
  /** Their unit prices times quantities. Absent in reports from before discounts, where it was the goods. */
  gross: amount.optional(),
  discounts: amount.default(0),
  /** What was paid for the lines of those orders: after discounts, with tax, before shipping. */
  goods: amount,
  /** What was paid for shipping, with tax. */
  shipping: amount,
  /** Contained in goods and shipping. */
  tax: amount.default(0),
  total: amount,
  /** What the payments of those orders captured: must equal `total`. */
  captured: amount,
  /** Goods per order, halves rounded up; null without orders. */
  averageOrder: amount.nullable(),
  byHour: z.array(z.object({ label: z.string(), orders: count, goods: amount })),
  /** By goods, at most ten. A product is the title it was sold under, which never changes afterwards. */
  topProducts: z.array(z.object({ title: z.string(), units: count, goods: amount })),
  /** By total, at most fifty. */
  largestOrders: z.array(
    z.object({
      number: count,
      capturedAt: z.iso.datetime(),
      units: count,
      goods: amount,
      shipping: amount,
      total: amount,
    }),
  ),
});
export type CurrencyFigures = z.infer<typeof CurrencyFigures>;

/** A day's figures and the cut they were taken at, as they are kept in a Report. */
export const SalesFigures = z.object({
  date: z.iso.date(),
  timeZone: z.string(),
  start: z.iso.datetime(),
  end: z.iso.datetime(),
  /** By code. The store's own currency is there even on a day without trade. */
  currencies: z.array(CurrencyFigures).min(1),
});
export type SalesFigures = z.infer<typeof SalesFigures>;

const topProductsMax = 10;
const largestOrdersMax = 50;

/** The orders that count: each row one captured payment and its order. The one definition of "sold on a day". */
export function soldOn(day: BusinessDay): Prisma.Sql {
  return Prisma.sql`
    sold as (
      select o.id, o.number, o.currency, o.subtotal_amount, o.discount_amount, o.shipping_amount,
             o.shipping_tax_amount, o.tax_amount, o.total_amount,
             payment.amount as captured_amount, payment.captured_at
      from payment join "order" o on o.id = payment.order_id
      where payment.state = 'captured' and payment.captured_at >= ${day.start} and payment.captured_at < ${day.end}),
    line as (
      select l.order_id, l.position, l.title, l.variant_title, l.sku, l.quantity, l.unit_price_amount, l.discount_amount,
             l.tax_amount, l.total_amount, sold.currency, sold.captured_at
      from order_line l join sold on sold.id = l.order_id)`;
}

/**
 * What was sold on a day, counted in the database, in whole minor units, within one snapshot.
 *
 * `storeCurrency` has its block even without trade.
 */
export async function salesFigures(
  snapshot: Snapshot,
  { day, storeCurrency }: { day: BusinessDay; storeCurrency: string },
): Promise<SalesFigures> {
  const totals = await snapshot.$queryRaw<TotalsRow[]>(totalsOf(day));
  const hours = await snapshot.$queryRaw<HourRow[]>(hoursSoldIn(day));
  const products = await snapshot.$queryRaw<ProductRow[]>(topProductsOf(day));
  const orders = await snapshot.$queryRaw<OrderRow[]>(largestOrdersOf(day));
  const currencies = new Set([storeCurrency, ...totals.map((row) => row.currency)]);
  return SalesFigures.parse({
    date: day.date,
    timeZone: day.timeZone,
    start: day.start.toISOString(),
    end: day.end.toISOString(),
    currencies: [...currencies].sort().map((currency) => {
      const sums = totals.find((row) => row.currency === currency) ?? noTrade;
      const hour = new Map(hours.filter((row) => row.currency === currency).map((row) => [row.hour, row]));
      return {
        currency,
        orders: Number(sums.orders),
        units: Number(sums.units),
        gross: Number(sums.gross),
        discounts: Number(sums.discounts),
        goods: Number(sums.goods),
        shipping: Number(sums.shipping),
        tax: Number(sums.tax),
        total: Number(sums.total),
        captured: Number(sums.captured),
        averageOrder: sums.orders === 0n ? null : Number((sums.goods * 2n + sums.orders) / (sums.orders * 2n)),
        byHour: hoursOf(day).map(({ index, label }) => ({
          label,
          orders: Number(hour.get(index)?.orders ?? 0),
          goods: Number(hour.get(index)?.goods ?? 0),
        })),
        topProducts: products
          .filter((row) => row.currency === currency)
          .map((row) => ({ title: row.title, units: Number(row.units), goods: Number(row.goods) })),
        largestOrders: orders
          .filter((row) => row.currency === currency)
          .map((row) => ({
            number: row.number,
            capturedAt: row.captured_at.toISOString(),
            units: Number(row.units),
            goods: Number(row.goods),
            shipping: row.shipping_amount,
            total: row.total_amount,
          })),
      };
    }),
  });
}

// Sums of Postgres' integer are bigint. `Number` is exact here: SalesFigures refuses what is not a safe integer.
type Totals = Record<
  "orders" | "units" | "gross" | "discounts" | "goods" | "shipping" | "tax" | "total" | "captured",
  bigint
>;
type TotalsRow = Totals & { currency: string };
type HourRow = { currency: string; hour: number; orders: bigint; goods: bigint };
type ProductRow = { currency: string; title: string; units: bigint; goods: bigint };
type OrderRow = {
  currency: string;
  number: number;
  captured_at: Date;
  units: bigint;
  goods: bigint;
  shipping_amount: number;
  total_amount: number;
};

const noTrade: Totals = {
  orders: 0n,
  units: 0n,
  gross: 0n,
  discounts: 0n,
  goods: 0n,
  shipping: 0n,
  tax: 0n,
  total: 0n,
  captured: 0n,
};

function totalsOf(day: BusinessDay): Prisma.Sql {
  return Prisma.sql`
    with ${soldOn(day)},
    lines as (
      select currency, sum(quantity) as units, sum(total_amount) as goods from line group by currency)
    select sold.currency, count(*) as orders, sum(subtotal_amount) as gross, sum(discount_amount) as discounts,
           sum(shipping_amount) as shipping, sum(tax_amount) as tax, sum(total_amount) as total,
           sum(captured_amount) as captured,
           coalesce(min(lines.units), 0) as units, coalesce(min(lines.goods), 0) as goods
    from sold left join lines on lines.currency = sold.currency
    group by sold.currency`;
}

function hoursSoldIn(day: BusinessDay): Prisma.Sql {
  return Prisma.sql`
    with ${soldOn(day)}
    select currency, floor(extract(epoch from captured_at - ${day.start}::timestamptz) / 3600)::int as hour,
           count(distinct order_id) as orders, sum(total_amount) as goods
    from line group by 1, 2`;
}

function topProductsOf(day: BusinessDay): Prisma.Sql {
  return Prisma.sql`
    with ${soldOn(day)},
    product as (
      select currency, title, sum(quantity) as units, sum(total_amount) as goods from line group by currency, title),
    ranked as (
      select *, row_number() over (partition by currency order by goods desc, units desc, title collate "C") as place
      from product)
    select currency, title, units, goods from ranked where place <= ${topProductsMax} order by currency, place`;
}

function largestOrdersOf(day: BusinessDay): Prisma.Sql {
  return Prisma.sql`
    with ${soldOn(day)},
    ranked as (
      select *, row_number() over (partition by currency order by total_amount desc, number) as place from sold)
    select ranked.currency, ranked.number, ranked.captured_at, ranked.shipping_amount, ranked.total_amount,
           coalesce(sum(line.quantity), 0) as units, coalesce(sum(line.total_amount), 0) as goods
    from ranked left join line on line.order_id = ranked.id
    where place <= ${largestOrdersMax}
    group by ranked.currency, place, ranked.number, ranked.captured_at, ranked.shipping_amount, ranked.total_amount
    order by ranked.currency, place`;
}
