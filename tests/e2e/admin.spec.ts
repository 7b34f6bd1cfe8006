import { expect, test } from "@/tests/support/e2e";
import { buy, expectedNoise, newEmail, openMail, step, workTimeout } from "./shopper";
import { signIn } from "./staff";

test.setTimeout(300_000);

test.beforeEach(({ pageErrors }) => pageErrors.expect(expectedNoise));

test("the admin is for staff: everybody else is sent to sign in, also from the PDF of a report", async ({ page }) => {
  for (const place of ["/admin", "/admin/orders", "/admin/runs", "/admin/events", "/admin/imports", "/admin/reports"]) {
    await page.goto(place);
    await expect(page).toHaveURL(/\/sign-in$/);
  }
  const pdf = await page.request.get("/admin/reports/rep_00000000000000000000000000/pdf", { maxRedirects: 0 });
  expect(pdf.status()).toBeGreaterThanOrEqual(300);
  expect(pdf.headers().location).toMatch(/\/sign-in$/);
});

test("a wrong password is said without telling which of the two was wrong", async ({ page, world }) => {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(world.logins[0]?.email ?? "");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();

  await expect(page.getByRole("alert").filter({ hasText: "do not belong together" })).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in$/);
});

test("staff find an order, watch its runs, and ship it; the shopper's page and mail follow", async ({
  page,
  browser,
  world,
}) => {
  const email = newEmail("grace");
  const number = await buy(page, { handle: "desk-lamp", email });
  const desk = await browser.newPage({ baseURL: world.store });
  await signIn(desk, world);

  await desk.getByLabel("Order number or e-mail").fill(email);
  await desk.getByRole("button", { name: "Show" }).click();
  await desk.getByRole("link", { name: `#${number}` }).click();
  await expect(desk.getByRole("heading", { name: new RegExp(`Order #${number}`) })).toBeVisible();
  await desk.getByRole("button", { name: "Mark as shipped" }).click();

  await expect(desk.getByRole("heading", { name: /Shipped/ })).toBeVisible();
  await expect(desk.getByRole("button", { name: "Mark as shipped" })).toHaveCount(0);
  await expect(step(page, "Shipped")).toBeVisible({ timeout: workTimeout });
  await expect(step(page, "Confirmed")).toBeVisible({ timeout: workTimeout });
  await openMail(page, world.inbox, email, /way|shipped/i);
  await desk.close();
});

test("the list of runs shows a new run without reloading, and a run can be looked into and replayed", async ({
  page,
  browser,
  world,
}) => {
  await signIn(page, world);
  await page.goto("/admin/runs?task=process-order");
  await expect(page.getByRole("heading", { name: "Runs" })).toBeVisible();
  const rows = page.locator("tr[data-task=process-order]");
  const before = await rows.count();
  const shopper = await browser.newPage({ baseURL: world.store });

  await buy(shopper, { handle: "folding-rule", email: newEmail("watched") });

  await expect(rows).toHaveCount(before + 1, { timeout: workTimeout });
  await expect(rows.first()).toHaveAttribute("data-status", "COMPLETED", { timeout: workTimeout });
  await rows.first().getByRole("link").click();
  await expect(page.getByRole("region", { name: "Process order" })).toContainText("Done");
  await expect(page.getByRole("region", { name: "Process order" })).toContainText('"success": true');
  const first = page.url();
  await page.getByRole("button", { name: "Replay" }).click();
  await expect(page).not.toHaveURL(first);
  await expect(page.getByRole("region", { name: "Process order" })).toContainText("Done");
  await shopper.close();
});

test("who signs out is out", async ({ page, world }) => {
  await signIn(page, world);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);

  await page.goto("/admin/orders");

  await expect(page).toHaveURL(/\/sign-in$/);
});
