import { expect, test } from "@/tests/support/e2e";
import { addToCart, expectedNoise, fillInCheckout, newEmail, openMail, payWith, step, workTimeout } from "./shopper";

test.setTimeout(300_000);

test.beforeEach(({ pageErrors }) => pageErrors.expect(expectedNoise));

test("a code and a way of shipping change the total on the page, at Stripe, on the order and in the mail alike", async ({
  page,
  world,
}) => {
  const email = newEmail("prices");
  await addToCart(page, "claw-hammer");
  await fillInCheckout(page, email);
  await page.getByLabel("Discount code").fill("welcome10");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText("Discount WELCOME10")).toBeVisible();
  await expect(page.getByLabel("City")).toHaveValue("London");

  const order = page.getByRole("region", { name: "Your order" });
  await expect(page.getByRole("button", { name: "Pay €36.31" })).toBeVisible(); // 34.90 less 3.49, and 4.90
  await expect(order).toContainText("Includes VAT 20 %");
  await page.getByRole("radio", { name: /^Express/ }).check();
  await page.getByRole("button", { name: "Pay €44.31" }).click();

  await expect(page.getByText("€44.31").first()).toBeVisible();
  await payWith(page, "4242424242424242");
  await expect(step(page, "Confirmed")).toBeVisible({ timeout: workTimeout });
  const details = page.getByRole("complementary", { name: "Order details" });
  for (const text of ["Discount WELCOME10", "-€3.49", "Shipping, Express", "€12.90", "€44.31", "Includes VAT 20 %"])
    await expect(details).toContainText(text);
  await openMail(page, world.inbox, email, /confirmed/i);
  await expect(page.frameLocator("iframe").getByText("€44.31")).toBeVisible();

  await addToCart(page, "claw-hammer");
  await fillInCheckout(page, email);
  await page.getByLabel("Discount code").fill("WELCOME10");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("button", { name: "Pay €36.31" }).click();
  await expect(page.getByText("has been used with this e-mail address before")).toBeVisible();
});

test("another country has ways of shipping and tax of its own, and a total that has changed is said", async ({
  page,
}) => {
  await addToCart(page, "claw-hammer");
  await fillInCheckout(page, newEmail("abroad"));
  await expect(page.getByRole("button", { name: "Pay €39.80" })).toBeVisible();

  await page.getByLabel("Country").selectOption("DE");

  await expect(page.getByRole("button", { name: "Pay €44.80" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Your order" })).toContainText("Includes VAT 19 %");
  await page.getByRole("radio", { name: /^Standard/ }).evaluate((radio: HTMLInputElement) => {
    radio.value = radio.value.replace(".4480.", ".1.");
  });
  await page.getByRole("button", { name: "Pay €44.80" }).click();
  await expect(page.getByText("Your order costs €44.80 now, and not €0.01.")).toBeVisible();
});
