import { expect, test } from "@/tests/support/e2e";
import { expectedNoise, fillInCheckout, newEmail, payWith, step, workTimeout } from "./shopper";
import { openWaitingOrder, signIn } from "./staff";

test.setTimeout(300_000);

test.use({ javaScriptEnabled: false });

test("buying works before any JavaScript has loaded", async ({ page, pageErrors }) => {
  pageErrors.expect(expectedNoise);
  await page.goto("/products/try-square");
  await page.getByRole("radio", { name: "250 mm" }).check();
  await page.getByRole("button", { name: "Add to cart" }).click();
  await expect(page.getByText("250 mm")).toBeVisible();
  await page.reload();
  await expect(page).toHaveURL("/cart");
  await expect(page.getByLabel("Quantity of Try square, 250 mm")).toHaveValue("1"); // not added once more
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

test("who cancels an order that was packed meanwhile reads why it is not cancelled", async ({
  page,
  browser,
  world,
  pageErrors,
}) => {
  pageErrors.expect(expectedNoise);
  const email = newEmail("too-late");
  await page.goto("/products/notebook");
  await page.getByRole("button", { name: "Add to cart" }).click();
  await fillInCheckout(page, email, { street: "3 No such street" });
  await page.getByRole("button", { name: /^Pay/ }).click();
  await page.getByRole("radio", { name: /^Standard/ }).check();
  await page.getByRole("button", { name: /^Pay/ }).click();
  await payWith(page, "4242424242424242");
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("Cancel this order…")).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: workTimeout });
  const desk = await browser.newPage({ baseURL: world.store, javaScriptEnabled: true });
  await signIn(desk, world);
  await openWaitingOrder(desk, email);
  await desk.getByText("Correct the address…").click();
  await desk.getByLabel("Street and number").fill("12 St James’s Square");
  await desk.getByRole("button", { name: "Save and go on" }).click();
  await expect(desk.getByRole("heading", { name: /Packed/ })).toBeVisible({ timeout: workTimeout });

  await page.getByText("Cancel this order…").click();
  await page.getByRole("button", { name: "Cancel the order" }).click();

  await expect(page.getByText(/it is packed already/)).toBeVisible();
  await expect(page.getByText("Cancel this order…")).toHaveCount(0);
  await expect(step(page, "Packed")).toBeVisible();
  await desk.close();
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
