import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import type { WorldSummary } from "@/local/launcher/world";
import { expect, test } from "@/tests/support/e2e";
import { buy, expectedNoise, newEmail, openMail } from "./shopper";
import { signIn } from "./staff";

test.setTimeout(300_000);

/** The folder of the world under test: `npm run trigger` wants to be told, when it is not the demo's. */
function stateFolder(world: WorldSummary): string {
  const given = process.env.SHOPFLOOR_STATE;
  if (given) return resolve(given);
  const isOurs = (folder: string) => {
    try {
      return (JSON.parse(readFileSync(join(folder, "world.json"), "utf8")) as WorldSummary).store === world.store;
    } catch {
      return false;
    }
  };
  const found = readdirSync(".local").map((name) => resolve(".local", name));
  return found.find(isOurs) ?? resolve(".local/world");
}

/** What was captured since midnight UTC, as the database has it. */
async function tradedToday(world: WorldSummary): Promise<{ orders: number; total: number }> {
  const client = new pg.Client({ connectionString: world.postgres });
  await client.connect();
  try {
    const { rows } = await client.query<{ orders: number; total: number }>(
      `select count(*)::int as orders, coalesce(sum(amount), 0)::int as total from payment
       where state = 'captured' and captured_at >= date_trunc('day', now() at time zone 'utc') at time zone 'utc'`,
    );
    return rows[0] ?? { orders: 0, total: 0 };
  } finally {
    await client.end();
  }
}

test("the report of the day just traded, run at a simulated 9:00, is in the admin with the day's totals and in the mail", async ({
  page,
  world,
  pageErrors,
}) => {
  pageErrors.expect(expectedNoise);
  await buy(page, { handle: "coffee-beans", email: newEmail("report") });
  const today = new Date().toISOString().slice(0, 10);
  const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  const traded = await tradedToday(world);

  const { stdout } = await promisify(execFile)(process.execPath, [
    "local/bin/trigger.mjs",
    "daily-sales-report",
    JSON.stringify({ timestamp: `${tomorrow}T09:00:00Z` }),
    "--state",
    stateFolder(world),
  ]);

  expect(JSON.parse(stdout)).toMatchObject({
    date: today,
    reportKey: expect.stringMatching(new RegExp(`^reports/daily-${today}(-r\\d+)?\\.pdf$`)),
  });
  await signIn(page, world);
  await page.goto("/admin/reports");
  const row = page.getByRole("row").filter({ hasText: today }).first();
  await expect(row.getByRole("cell").nth(2)).toHaveText(String(traded.orders));
  const total = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" }).format(traded.total / 100);
  await expect(row).toContainText(total);
  const address = await row.getByRole("link", { name: `Open the PDF of ${today}` }).getAttribute("href");
  const pdf = await page.request.get(address ?? "");
  expect(pdf.headers()["content-type"]).toBe("application/pdf");
  expect((await pdf.body()).subarray(0, 5).toString()).toBe("%PDF-");
  await openMail(page, world.inbox, "finance@shopfloor.example", /report|sales/i);
  await expect(page.getByText(/daily-.*\.pdf/).first()).toBeVisible();
});
