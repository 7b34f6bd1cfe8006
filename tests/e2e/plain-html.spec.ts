import { expect, test } from "@/tests/support/e2e";
import { addToCart, expectedNoise, fillInCheckout, newEmail, payWith, step, workTimeout } from "./shopper";
import { signIn } from "./staff";

test.setTimeout(300_000);

test.use({ javaScriptEnabled: false });

test("buying works before any JavaScript has loaded", async ({ page, pageErrors }) => {
  pageErrors.expect(expectedNoise);
  await addToCart(page, "try-square", "250 mm");
  await page.getByRole("link", { name: "Go to the cart" }).click();
  await expect(page.getByText("250 mm")).toBeVisible();
  await page.getByLabel("Discount code").fill("nosuchcode");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText("There is no discount code NOSUCHCODE.")).toBeVisible();
  await page.getByLabel("Discount code").fill("welcome10");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText("-€3.15")).toBeVisible();

  await fillInCheckout(page, newEmail("plain"));
  await page.getByRole("button", { name: /^Pay/ }).click();
  await expect(page.getByText("Choose how we ship your order to the United Kingdom.")).toBeVisible();
  await expect(page.getByLabel("City")).toHaveValue("London");
  await page.getByRole("radio", { name: /^Express/ }).check();
  await page.getByRole("button", { name: /^Pay/ }).click();
  await expect(page.getByText("€41.25").first()).toBeVisible(); // 31.50 less 3.15, and 12.90
  await payWith(page, "4242424242424242");

  await expect(async () => {
    await page.reload();
    await expect(step(page, "Confirmed")).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: workTimeout });
});

test("staff have orders processed again, and read why some are not, before any JavaScript has loaded", async ({
  page,
  world,
}) => {
  await signIn(page, world);
  await page.getByRole("button", { name: "Process again" }).click();
  await expect(page.getByText("Choose at least one order.")).toBeVisible();

  await page
    .getByRole("checkbox", { name: /^Choose order #/ })
    .first()
    .check();
  await page.getByRole("button", { name: "Process again" }).click();

  await expect(
    page.getByText(/is worked on once more|packed|finished|over|nothing is left|not paid/).first(),
  ).toBeVisible();
});
