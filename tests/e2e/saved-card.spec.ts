import { expect, test } from "@/tests/support/e2e";
import {
  addToCart,
  expectedNoise,
  fillInCheckout,
  newEmail,
  openMail,
  payWith,
  register,
  step,
  workTimeout,
} from "./shopper";

test.setTimeout(300_000);

test.beforeEach(({ pageErrors }) => pageErrors.expect(expectedNoise));

test("a shopper keeps a card, buys again with it without seeing Stripe's page, and removes it", async ({ page }) => {
  const email = newEmail("returning");
  await register(page, email);
  await addToCart(page, "notebook");
  await fillInCheckout(page, email);
  await page.getByRole("checkbox", { name: /^Keep the card/ }).check();
  await page.getByRole("button", { name: /^Pay/ }).click();
  await payWith(page, "4242424242424242");
  await expect(step(page, "Confirmed")).toBeVisible({ timeout: workTimeout });

  await addToCart(page, "pencils");
  await fillInCheckout(page, email);
  await expect(page.getByRole("radio", { name: /^Visa ending 4242/ })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: /^Keep the card/ })).toBeHidden();
  await page.getByRole("button", { name: /^Pay/ }).click();
  await expect(page).toHaveURL(/\/orders\/ord_/);
  await expect(step(page, "Confirmed")).toBeVisible({ timeout: workTimeout });

  await page.goto("/account");
  await expect(page.getByRole("link", { name: /^Order \d+$/ })).toHaveCount(2);
  await page.getByRole("button", { name: "Remove Visa ending 4242" }).click();
  await expect(page.getByText("You keep no card here.")).toBeVisible();
});

test("where the bank wants the shopper, the order's page and a mail say so, and the order is paid on Stripe's page", async ({
  page,
  world,
}) => {
  const email = newEmail("asked");
  await register(page, email);
  const payAndConfirm = async () => {
    await payWith(page, "4000002760003184");
    await page.getByRole("button", { name: "Complete" }).click();
    await expect(step(page, "Confirmed")).toBeVisible({ timeout: workTimeout });
  };
  await addToCart(page, "notebook");
  await fillInCheckout(page, email);
  await page.getByRole("checkbox", { name: /^Keep the card/ }).check();
  await page.getByRole("button", { name: /^Pay/ }).click();
  await payAndConfirm();

  await addToCart(page, "pencils");
  await fillInCheckout(page, email);
  await page.getByRole("button", { name: /^Pay/ }).click();
  await expect(page.getByRole("heading", { name: "Waiting for payment" })).toBeVisible({ timeout: workTimeout });
  await expect(page.getByRole("status").filter({ hasText: "Your bank wants you to confirm" })).toBeVisible();
  await expect(page.getByRole("link", { name: /^Pay/ })).toBeVisible();

  await openMail(page, world.inbox, email, /Please pay for your order/);
  await page.frameLocator("iframe").getByRole("link", { name: "Pay for your order" }).waitFor();
  await page.goto("/account");
  await page
    .getByRole("link", { name: /^Order \d+$/ })
    .first()
    .click();
  await page.getByRole("link", { name: /^Pay/ }).click();
  await payAndConfirm();
});
