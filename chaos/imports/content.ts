import { bulkPool } from "@/lib/db/bulk-pool";

/** A digest of all that the catalogue says, without ids and times: two stores that say the same have the same. */
export async function digestOfCatalogue(): Promise<string> {
  const { rows } = await bulkPool().query(`
    select md5(string_agg(line, E'\\n' order by line)) as digest from (
      select row(p.handle, p.title, p.description, p.vendor, p.product_type, p.tags::text, p.status,
        v.position, v.title, v.option_values::text, v.sku, v.barcode, v.price_amount, v.price_currency,
        v.compare_at_amount, v.weight_grams, s.tracked, s.on_hand, s.reserved,
        (select string_agg(m.kind || ' ' || m.quantity, ',' order by m.kind, m.quantity) from stock_movement m
         where m.variant_id = v.id),
        (select string_agg(o.position || o.name || o.values::text, ',' order by o.position) from product_option o
         where o.product_id = p.id),
        (select string_agg(i.position || i.url || i.alt, ',' order by i.position) from image i
         where i.product_id = p.id))::text as line
      from product p left join variant v on v.product_id = p.id left join stock_item s on s.variant_id = v.id) x`);
  return rows[0].digest;
}

export type Reckoned = {
  products: number;
  variants: number;
  priceAmount: number;
  onHand: number;
  /** Variants whose counter is not what the ledger adds up to. */
  offLedger: number;
};

export async function reckon(): Promise<Reckoned> {
  const { rows } = await bulkPool().query(`
    select (select count(*)::int from product) as products, count(*)::int as variants,
      coalesce(sum(price_amount), 0)::float8 as "priceAmount", coalesce(sum(on_hand), 0)::float8 as "onHand",
      (count(*) filter (where on_hand <> coalesce(
        (select sum(quantity) from stock_movement m where m.variant_id = v.id), 0)))::int as "offLedger"
    from variant v join stock_item s on s.variant_id = v.id`);
  return rows[0];
}
