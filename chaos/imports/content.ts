import { bulkPool } from "@/lib/db/bulk-pool";
import type { ImportType } from "@/lib/imports/import-type";

/** A digest of all that imports write, without ids and times: two stores that say the same have the same. */
export async function digestOfStore(): Promise<string> {
  return digestOf(`
    select row(p.handle, p.title, p.description, p.vendor, p.product_type, p.tags::text, p.status,
      v.position, v.title, v.option_values::text, v.sku, v.barcode, v.price_amount, v.price_currency,
      v.compare_at_amount, v.weight_grams, s.tracked, s.on_hand, s.reserved,
      (select string_agg(o.position || o.name || o.values::text, ',' order by o.position) from product_option o
       where o.product_id = p.id),
      (select string_agg(i.position || i.url || i.alt, ',' order by i.position) from image i
       where i.product_id = p.id))::text as line
    from product p left join variant v on v.product_id = p.id left join stock_item s on s.variant_id = v.id
    union all select row(email, name, role, email_verified)::text from "user"
    union all select row(dataset, external_id, data)::text from dataset_record
    union all select row(kind, number, placed_at, email, customer, name, country, currency, subtotal_amount,
      discount_amount, discount_code, shipping_amount, shipping_name, tax_amount, tax_included, total_amount, checksum,
      (select string_agg(row(l.*)::text, ',' order by l.position) from (
        select position, kind, sku, title, quantity, unit_price_amount, discount_amount, tax_amount, total_amount
        from past_order_line where order_id = past_order.id) l))::text
    from past_order`);
}

/** A digest of how stock came to be what it is. */
export async function digestOfMovements(): Promise<string> {
  return digestOf(`
    select row(p.handle, v.option_values::text, m.kind, m.quantity)::text as line
    from stock_movement m join variant v on v.id = m.variant_id join product p on p.id = v.product_id`);
}

async function digestOf(lines: string): Promise<string> {
  const { rows } = await bulkPool().query(
    `select coalesce(md5(string_agg(line, E'\\n' order by line)), '') as digest from (${lines}) x`,
  );
  return rows[0].digest;
}

const said: Record<ImportType, string> = {
  products: `select p.handle || ' ' || (v.option_values)[1], v.price_amount || ' ' || s.on_hand
    from product p left join variant v on v.product_id = p.id left join stock_item s on s.variant_id = v.id`,
  inventory: `select v.sku || ' ' || p.handle, s.on_hand::text
    from product p join variant v on v.product_id = p.id join stock_item s on s.variant_id = v.id`,
  customers: `select email, name from "user"`,
  orders: `select kind || ' ' || number, total_amount || ' of ' || (
      select count(*) from past_order_line where order_id = past_order.id)
    from past_order`,
  records: `select external_id, data ->> 'count' from dataset_record`,
};

/** What the store says of a kind, as the makers of files reckon it: by what tells one from others, each as often as it is there. */
export async function readStore(type: ImportType): Promise<[string, string][]> {
  const { rows } = await bulkPool().query<[string, string]>({ text: said[type], rowMode: "array" });
  return rows;
}

/** Variants whose counter is not what the ledger adds up to. */
export async function countOffLedger(): Promise<number> {
  const { rows } = await bulkPool().query(`
    select count(*)::int as off from stock_item s where on_hand <> coalesce(
      (select sum(quantity) from stock_movement m where m.variant_id = s.variant_id), 0)`);
  return rows[0].off;
}

/** Takes away all that imports write. */
export async function emptyStore(): Promise<void> {
  await bulkPool().query(`truncate product, past_order, dataset_record, "user" cascade`);
}
