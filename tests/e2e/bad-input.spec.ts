import { expect, test } from "@/tests/support/e2e";
import { addToCart } from "./shopper";

for (const quantity of ["0", "-1", "1.5", "1000000000", ""]) {
  test(`a quantity of "${quantity}" is refused with a sentence, and the cart stays empty`, async ({ page }) => {
    await page.goto("/products/oil-can");
    await page.getByLabel("Quantity").fill(quantity);
    await page.getByRole("button", { name: "Add to cart" }).click();

    await expect(page.getByRole("alert").filter({ hasText: "whole number from 1 to 999" })).toBeVisible();
    await page.goto("/cart");
    await expect(page.getByText("Your cart is empty.")).toBeVisible();
  });
}

test("a price sent by the client is ignored", async ({ page }) => {
  await page.goto("/products/oil-can");
  await page.locator("form:has([name=quantity])").evaluate((form) => {
    for (const name of ["price", "priceAmount", "unitPriceAmount"])
      form.insertAdjacentHTML("beforeend", `<input type="hidden" name="${name}" value="1">`);
  });
  const price = await page
    .getByText(/^€[\d.]+$/)
    .first()
    .textContent();
  await page.getByRole("button", { name: "Add to cart" }).click();
  await expect(page.getByRole("link", { name: "Go to the cart" })).toBeVisible();

  await page.goto("/cart");

  await expect(
    page
      .getByRole("listitem")
      .getByText(price ?? "")
      .first(),
  ).toBeVisible();
});

test("an unknown product is a 404 with a way back", async ({ page, pageErrors }) => {
  pageErrors.expect(/status of 404/);

  const response = await page.goto("/products/no-such-thing");

  expect(response?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is nothing at this address." })).toBeVisible();
  for (const odd of ["/products/%00", "/products/%E0%A4%A", "/orders/1?token=x", "/orders/ord_x/payment?token=y"])
    expect((await page.request.get(odd)).status(), odd).toBeGreaterThanOrEqual(400);
});

test("an empty cart cannot be checked out, nor can one that was emptied meanwhile", async ({ page }) => {
  await page.goto("/checkout");
  await expect(page.getByText("Your cart is empty, so there is nothing to order.")).toBeVisible();

  await addToCart(page, "oil-can");
  await page.goto("/checkout");
  const elsewhere = await page.context().newPage();
  await elsewhere.goto("/cart");
  await elsewhere.getByRole("button", { name: /^Remove/ }).click();
  await expect(elsewhere.getByText("Your cart is empty.")).toBeVisible();
  await elsewhere.close();
  await page.getByLabel("E-mail").fill("ada@example.com");
  await page.getByLabel("Name", { exact: true }).fill("Ada");
  await page.getByLabel("Street and number").fill("1 Street");
  await page.getByLabel("Postal code").fill("1");
  await page.getByLabel("City").fill("Town");
  await page.getByLabel("Country").selectOption("DE");
  await page.getByRole("button", { name: /^Pay/ }).click();

  await expect(page.getByText("Your cart is empty, so there is nothing to order.").first()).toBeVisible();
});

test("each field of the checkout says what is missing, and what was typed stays", async ({ page }) => {
  await addToCart(page, "oil-can");
  await page.goto("/checkout");
  await page.getByLabel("E-mail").fill("not-an-address");
  await page.getByLabel("City").fill("London");
  await page.getByRole("button", { name: /^Pay/ }).click();

  await expect(page.getByText("Some of the fields need another look.")).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveAccessibleDescription(/Enter an e-mail address/);
  await expect(page.getByLabel("E-mail")).toHaveValue("not-an-address");
  await expect(page.getByLabel("City")).toHaveValue("London");
  await expect(page.getByLabel("Country")).toHaveAccessibleDescription(/Choose a country/);
});
