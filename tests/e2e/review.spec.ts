import { expect, test } from "@/tests/support/e2e";
import { addToCart, checkOut, expectedNoise, newEmail, payWith, step, workTimeout } from "./shopper";
import { openWaitingOrder, signIn } from "./staff";

test.setTimeout(300_000);

test.beforeEach(({ pageErrors }) => pageErrors.expect(expectedNoise));

test("an order to a street that does not exist waits for staff, who correct it, and its label can be printed", async ({
  page,
  browser,
  world,
}) => {
  const email = newEmail("wrong-street");
  await addToCart(page, "notebook");
  await checkOut(page, email, { street: "1 No such street" });
  await payWith(page, "4242424242424242");
  await expect(step(page, "Confirmed")).toBeVisible({ timeout: workTimeout });
  const desk = await browser.newPage({ baseURL: world.store });
  await signIn(desk, world);

  await openWaitingOrder(desk, email);
  const review = desk.getByRole("region", { name: "Review" });
  await expect(review).toContainText('there is no street "1 No such street" in London');
  await review.getByText("Correct the address…").click();
  await review.getByLabel("Street and number").fill("12 St James’s Square");
  await review.getByRole("button", { name: "Save and go on" }).click();

  await expect(desk.getByRole("heading", { name: /Packed/ })).toBeVisible({ timeout: workTimeout });
  await expect(review).toHaveCount(0);
  await expect(step(page, "Packed")).toBeVisible({ timeout: workTimeout });
  const label = await desk.request.get(
    (await desk.getByRole("link", { name: "Label to print" }).getAttribute("href")) ?? "",
  );
  expect(label.headers()["content-type"]).toBe("application/pdf");
  expect((await label.body()).subarray(0, 5).toString()).toBe("%PDF-");
  const stranger = await page.request.get(label.url(), { maxRedirects: 0 });
  expect(stranger.headers().location).toMatch(/\/sign-in$/);
  await desk.close();
});

test("staff refuse an order with a reason, and pack it after all", async ({ page, browser, world }) => {
  const email = newEmail("refused");
  await addToCart(page, "notebook");
  await checkOut(page, email, { street: "2 No such street" });
  await payWith(page, "4242424242424242");
  await expect(step(page, "Confirmed")).toBeVisible({ timeout: workTimeout });
  const desk = await browser.newPage({ baseURL: world.store });
  await signIn(desk, world);
  await openWaitingOrder(desk, email);
  const review = desk.getByRole("region", { name: "Review" });

  await review.getByText("Refuse…").click();
  await review.getByLabel("Why it is not packed").fill("The street is a joke.");
  await review.getByRole("button", { name: "Do not pack this order" }).click();

  await expect(review).toContainText("The street is a joke.");
  await expect(desk.getByRole("heading", { name: /Not to be packed/ })).toBeVisible();
  await review.getByText("Correct the address…").click();
  await review.getByLabel("Street and number").fill("12 St James’s Square");
  await review.getByRole("button", { name: "Save and go on" }).click();
  await expect(desk.getByRole("heading", { name: /Packed/ })).toBeVisible({ timeout: workTimeout });
  await desk.close();
});

test("the page of Stripe's events shows what came in and leads to its order", async ({ page, browser, world }) => {
  await addToCart(page, "notebook");
  await checkOut(page, newEmail("told"));
  await payWith(page, "4242424242424242");
  await expect(step(page, "Paid")).toBeVisible({ timeout: workTimeout });
  const desk = await browser.newPage({ baseURL: world.store });
  await signIn(desk, world);

  await desk.getByRole("link", { name: "Events" }).click();
  await expect(desk.getByRole("heading", { name: "Stripe events" })).toBeVisible();
  const completed = desk.getByRole("row", { name: /checkout\.session\.completed/ }).first();
  await expect(completed).toContainText("Noted the payment");
  await expect(desk.getByRole("row", { name: /payment_intent\.created/ }).first()).toContainText("does nothing with");
  await completed.getByRole("link", { name: "Order" }).click();

  await expect(desk.getByRole("heading", { name: /^Order #\d+/ })).toBeVisible();
  await desk.close();
});
