import type { Page } from "@playwright/test";
import { expect, test } from "@/tests/support/e2e";
import { buy, expectedNoise, newEmail, openMail, stockOf, workTimeout } from "./shopper";
import { signIn } from "./staff";

test.setTimeout(300_000);

test.beforeEach(({ pageErrors }) => pageErrors.expect(expectedNoise));

/** Opens one of the forms above an order. */
const openForm = (page: Page, name: string) => page.getByText(`${name}…`, { exact: true }).click();

const refunds = (page: Page) => page.getByRole("region", { name: "Refunds" });

test("staff give a part back, then take goods back; the shopper sees both and gets mails", async ({
  page,
  browser,
  world,
}) => {
  const email = newEmail("refund");
  await buy(page, { handle: "oil-can", email });
  const stock = await browser.newPage({ baseURL: world.store });
  const left = await stockOf(stock, "oil-can");
  const desk = await browser.newPage({ baseURL: world.store });
  await signIn(desk, world);
  await desk.goto(`/admin/orders/${new URL(page.url()).pathname.split("/").at(-1)}`);

  await openForm(desk, "Refund");
  await desk.getByRole("radio", { name: "An amount" }).check();
  await desk.getByLabel(/at most/).fill("1.50");
  await desk.getByRole("button", { name: "Give the money back" }).click();

  await expect(refunds(desk)).toContainText("€1.50");
  await expect(refunds(desk)).toContainText("Sent back", { timeout: workTimeout });
  await expect(refunds(page)).toContainText("€1.50", { timeout: workTimeout });
  await openMail(stock, world.inbox, email, /refunded/i);

  await desk.getByRole("button", { name: "Mark as shipped" }).click();
  await desk.getByRole("button", { name: "Mark as delivered" }).click();
  await expect(desk.getByRole("heading", { name: /Delivered/ })).toBeVisible();
  await openForm(desk, "Note a return");
  await desk.getByRole("spinbutton", { name: /^Machine oil/ }).fill("1");
  await desk.getByLabel("Why").last().fill("The wrong length.");
  await desk.getByRole("button", { name: "Note the return" }).click();
  await expect(desk.getByRole("region", { name: "Returns" })).toContainText("Expected");
  await desk.getByRole("button", { name: "Take it in" }).click();

  await expect(desk.getByRole("region", { name: "Returns" })).toContainText("1 back on the shelf");
  await expect(refunds(desk).getByText("Sent back")).toHaveCount(2, { timeout: workTimeout });
  await openMail(stock, world.inbox, email, /received what you sent back/i);
  expect(await stockOf(stock, "oil-can")).toBe(left + 1);
  await desk.close();
  await stock.close();
});

test("an order that is packed is cancelled: its money and its goods go back", async ({ page, browser, world }) => {
  const email = newEmail("cancel");
  await buy(page, { handle: "enamel-mug", email });
  const shelf = await browser.newPage({ baseURL: world.store });
  const left = await stockOf(shelf, "enamel-mug");
  const desk = await browser.newPage({ baseURL: world.store });
  await signIn(desk, world);
  await desk.goto(`/admin/orders/${new URL(page.url()).pathname.split("/").at(-1)}`);

  await openForm(desk, "Cancel order");
  await desk.getByLabel(/What the shopper is told/).fill("The bristles were mouldy.");
  await desk.getByRole("button", { name: "Cancel this order" }).click();

  await expect(desk.getByRole("heading", { name: /Cancelled/ })).toBeVisible();
  await expect(refunds(desk)).toContainText("Sent back", { timeout: workTimeout });
  await expect(page.getByRole("heading", { name: "Order cancelled" })).toBeVisible({ timeout: workTimeout });
  await expect(page.getByText(/The bristles were mouldy\./).first()).toBeVisible();
  await openMail(shelf, world.inbox, email, /cancelled/i);
  expect(await stockOf(shelf, "enamel-mug")).toBe(left + 1);
  await desk.close();
  await shelf.close();
});
