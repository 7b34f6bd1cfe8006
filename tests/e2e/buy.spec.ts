import { expect, test } from "@/tests/support/e2e";
import {
  addToCart,
  buy,
  checkOut,
  expectedNoise,
  newEmail,
  openMail,
  payWith,
  step,
  stockOf,
  workTimeout,
} from "./shopper";
import { signIn } from "./staff";

test.setTimeout(300_000);

test.beforeEach(({ pageErrors }) => pageErrors.expect(expectedNoise));

test("a shopper buys a hammer and sees it confirmed without reloading; the mail comes, the stock goes down by one, the run is in the dashboards", async ({
  page,
  world,
}) => {
  const email = newEmail("ada");
  const before = await stockOf(page, "claw-hammer");
  await addToCart(page, "claw-hammer");
  await checkOut(page, email);

  await payWith(page, "4242424242424242");
  await expect(page).toHaveURL(/\/orders\/ord_/);
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));

  await expect(step(page, "Confirmed")).toBeVisible({ timeout: workTimeout });
  await expect(step(page, "Packed")).toBeVisible({ timeout: workTimeout });
  await expect(page.getByRole("heading", { name: "Order packed" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Your order" })).toContainText("6 of 6 steps");
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
  const orderId = new URL(page.url()).pathname.split("/").at(-1) ?? "";

  await openMail(page, world.inbox, email, /confirmed/i);
  expect(await stockOf(page, "claw-hammer")).toBe(before - 1);
  await page.goto(world.trigger);
  await expect(page.getByRole("row").filter({ hasText: "process-order" }).first()).toBeVisible();
  await signIn(page, world);
  await page.goto(`/admin/orders/${orderId}`);
  await expect(page.getByRole("region", { name: "Work" }).getByRole("link", { name: "Process order" })).toBeVisible();
});

test("a declined card is said on Stripe's page, the items stay set aside, and another card pays the same order", async ({
  page,
}) => {
  const before = await stockOf(page, "enamel-mug");
  await addToCart(page, "enamel-mug");
  await checkOut(page, newEmail("declined"));

  await payWith(page, "4000000000000002");

  await expect(page.getByText(/declined/i).first()).toBeVisible();
  await expect(page.getByLabel("Card number")).toBeVisible();
  const shelf = await page.context().newPage();
  expect(await stockOf(shelf, "enamel-mug")).toBe(before - 1);
  await shelf.close();

  await payWith(page, "4242424242424242");
  await expect(step(page, "Confirmed")).toBeVisible({ timeout: workTimeout });
});

test("a shopper who comes back from Stripe's page without paying can go on to pay", async ({ page }) => {
  await addToCart(page, "notebook");
  await checkOut(page, newEmail("later"));
  await page.getByRole("link", { name: /back to the store/i }).click();

  await expect(page.getByRole("heading", { name: "Waiting for payment" })).toBeVisible();
  await page.getByRole("link", { name: /^Pay/ }).click();
  await payWith(page, "4242424242424242");

  await expect(step(page, "Confirmed")).toBeVisible({ timeout: workTimeout });
});

test("a shopper who comes back from paying before Stripe's message is asked to wait, and not to pay again", async ({
  page,
  world,
}) => {
  const sendMessages = (paused: boolean) => page.request.post(`${world.stripe}/_local/webhooks`, { data: { paused } });
  await addToCart(page, "notebook");
  await checkOut(page, newEmail("early"));
  await sendMessages(true);
  try {
    await payWith(page, "4242424242424242");

    await expect(page.getByRole("heading", { name: "Checking your payment" })).toBeVisible();
    await expect(page.getByRole("link", { name: /^Pay/ })).toHaveCount(0);
  } finally {
    await sendMessages(false);
  }
  await expect(step(page, "Confirmed")).toBeVisible({ timeout: workTimeout });
});

test("who says to have paid and has not finds the way to pay", async ({ page }) => {
  await addToCart(page, "notebook");
  await checkOut(page, newEmail("mistaken"));
  await page.getByRole("link", { name: /back to the store/i }).click();
  await expect(page.getByRole("heading", { name: "Waiting for payment" })).toBeVisible();
  const unpaid = page.url();

  await page.goto(`${unpaid}&paid=1`);
  await page.getByRole("link", { name: "See how the order stands" }).click();

  await expect(page).toHaveURL(unpaid);
  await expect(page.getByRole("link", { name: /^Pay/ })).toBeVisible();
});

test("who comes back from Stripe and hears nothing for two minutes is shown the way to pay again", async ({ page }) => {
  await page.clock.install();
  await addToCart(page, "notebook");
  await checkOut(page, newEmail("silence"));
  await page.getByRole("link", { name: /back to the store/i }).click();
  await expect(page.getByRole("heading", { name: "Waiting for payment" })).toBeVisible();
  await page.goto(`${page.url()}&paid=1`);
  await expect(page.getByRole("heading", { name: "Checking your payment" })).toBeVisible();

  await expect(async () => {
    await page.clock.fastForward("02:01");
    await expect(page.getByRole("heading", { name: "Waiting for payment" })).toBeVisible({ timeout: 1000 });
  }).toPass();

  await expect(page.getByRole("link", { name: /^Pay/ })).toBeVisible();
});

test("an order is shown to nobody who lacks its link's secret", async ({ page, browser }) => {
  await buy(page, { handle: "pencils", email: newEmail("secret") });
  const address = new URL(page.url());
  const stranger = await browser.newPage();

  address.searchParams.set("token", "guessed");
  expect((await stranger.goto(address.href))?.status()).toBe(404);
  expect((await stranger.goto(address.origin + address.pathname))?.status()).toBe(404);

  await expect(stranger.getByText("example.com")).toHaveCount(0);
  await stranger.close();
});

test("without the live connection the order's page asks by itself, and still says Confirmed without reloading", async ({
  page,
  pageErrors,
}) => {
  pageErrors.expect(/ERR_FAILED|Failed to fetch/);
  await page.route("**/realtime/**", (route) => route.abort());
  await addToCart(page, "wood-screws");
  await checkOut(page, newEmail("offline"));
  await payWith(page, "4242424242424242");
  await expect(page).toHaveURL(/\/orders\/ord_/);
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));

  await expect(step(page, "Confirmed")).toBeVisible({ timeout: workTimeout });

  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
});
