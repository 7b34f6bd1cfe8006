import { expect, test } from "@/tests/support/e2e";
import { addToCart, checkOut, expectedNoise, newEmail, payWith, step, workTimeout } from "./shopper";

test.setTimeout(300_000);

test.use({ javaScriptEnabled: false });

test("buying works before any JavaScript has loaded", async ({ page, pageErrors }) => {
  pageErrors.expect(expectedNoise);
  await addToCart(page, "try-square", "250 mm");
  await page.getByRole("link", { name: "Go to the cart" }).click();
  await expect(page.getByText("250 mm")).toBeVisible();
  await checkOut(page, newEmail("plain"));
  await payWith(page, "4242424242424242");

  await expect(async () => {
    await page.reload();
    await expect(step(page, "Confirmed")).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: workTimeout });
});
