import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { expect, test } from "vitest";
import { migrate } from "@/local/postgres/migrate";
import { emptyDatabase } from "@/tests/support/database";

const migrationsDir = "prisma/migrations";

test("a store that is open already keeps its orders and its flat rate, to every country it shipped to", async () => {
  const [database, before] = [await emptyDatabase(), await mkdtemp(join(tmpdir(), "migrations-"))];
  const client = new Client({ connectionString: database.url });
  try {
    for (const name of await readdir(migrationsDir))
      if (name < "20261125") await cp(join(migrationsDir, name), join(before, name), { recursive: true });
    await migrate({ url: database.url, migrationsDir: before });
    await client.connect();
    await client.query(`
      insert into store_settings (name, currency, shipping_amount, free_shipping_from_amount, report_recipients)
        values ('Old shop', 'EUR', 590, 8000, '{}');
      insert into "order" (id, email, ship_to, currency, subtotal_amount, shipping_amount, total_amount, access_token, placed_at, updated_at)
        values ('ord_1', 'ada@example.com', '{"country":"GB"}', 'EUR', 3998, 590, 4588, 't', now(), now());
      insert into order_line (id, order_id, position, title, variant_title, quantity, unit_price_amount, total_amount)
        values ('line_1', 'ord_1', 1, 'Mug', '', 2, 1999, 3998);`);

    await migrate({ url: database.url, migrationsDir });

    const rows = async (sql: string) => (await client.query(sql)).rows;
    expect(await rows("select prices_include_tax from store_settings")).toEqual([{ prices_include_tax: true }]);
    expect(await rows("select name, amount, currency, free_from_amount, active from shipping_rate")).toEqual([
      { name: "Standard", amount: 590, currency: "EUR", free_from_amount: 8000, active: true },
    ]);
    expect(await rows("select count(*)::int from shipping_zone_country join shipping_rate using (zone_id)")).toEqual([
      { count: 37 },
    ]);
    expect(await rows(`select discount_amount, tax_amount, tax_included, total_amount from "order"`)).toEqual([
      { discount_amount: 0, tax_amount: 0, tax_included: true, total_amount: 4588 },
    ]);
    expect(await rows("select discount_amount, tax_amount, total_amount from order_line")).toEqual([
      { discount_amount: 0, tax_amount: 0, total_amount: 3998 },
    ]);
  } finally {
    await client.end();
    await database.close();
    await rm(before, { recursive: true, force: true });
  }
});
