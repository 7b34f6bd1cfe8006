import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect } from "@/tests/support/e2e";

/** An address nobody else in this run has, so that a mail found for it is the one that was meant. */
export function newEmail(name: string): string {
  return `${name}-${randomBytes(4).toString("hex")}@example.com`;
}

/** How long background work may take here, where the machine also runs the worker, the browser and every vendor. */
export const workTimeout = 90_000;

/**
 * What Chromium itself writes to the console: a card that Stripe declined, and Playwright's own script kept out of the
 * frame that shows a mail.
 */
export const expectedNoise = /status of 402|Blocked script execution in '[^']*\/inbox\//;

export async function addToCart(page: Page, handle: string, variant?: string): Promise<void> {
  await page.goto(`/products/${handle}`);
  if (variant) await page.getByRole("radio", { name: variant }).check();
  await page.getByRole("button", { name: "Add to cart" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Added to your cart" })).toBeVisible();
}

/** Fills in the checkout for a parcel to London. */
export async function fillInCheckout(
  page: Page,
  email: string,
  { street = "12 St James’s Square" }: { street?: string } = {},
): Promise<void> {
  await page.goto("/checkout");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Name", { exact: true }).fill("Ada Lovelace");
  await page.getByLabel("Street and number").fill(street);
  await page.getByLabel("Postal code").fill("SW1Y 4JH");
  await page.getByLabel("City").fill("London");
  await page.getByLabel("Country").selectOption("GB");
}

/** Fills in the checkout and goes on to Stripe's page. */
export async function checkOut(page: Page, email: string, address: { street?: string } = {}): Promise<void> {
  await fillInCheckout(page, email, address);
  await expect(page.getByRole("radio", { name: /^Standard/ })).toBeChecked();
  await page.getByRole("button", { name: /^Pay/ }).click();
  await expect(page.getByLabel("Card number")).toBeVisible();
}

/** Makes an account and is signed in. */
export async function register(page: Page, email: string): Promise<void> {
  await page.goto("/register");
  await page.getByLabel("Name").fill("Ada Lovelace");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill("difference engine");
  await page.getByRole("button", { name: "Make an account" }).click();
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
}

/** Pays on Stripe's page. */
export async function payWith(page: Page, card: string): Promise<void> {
  await page.getByLabel("Card number").fill(card);
  await page.getByLabel("Expiry").fill("12 / 34");
  await page.getByLabel("CVC").fill("123");
  await page.getByLabel("Name on card").fill("Ada Lovelace");
  await page.getByRole("button", { name: /^Pay/ }).click();
}

/** A step of the order's timeline that is done. */
export function step(page: Page, name: "Paid" | "Confirmed" | "Packed" | "Shipped") {
  return page.getByRole("list", { name: "Timeline" }).getByText(name, { exact: true });
}

/** Puts one piece into the cart, buys it, and waits until it is packed. Answers the order's number. */
export async function buy(page: Page, what: { handle: string; variant?: string; email: string }): Promise<string> {
  await addToCart(page, what.handle, what.variant);
  await checkOut(page, what.email);
  await payWith(page, "4242424242424242");
  await expect(page.getByRole("heading", { name: "Order packed" })).toBeVisible({ timeout: workTimeout });
  const text = await page.getByText(/^Order \d+$/).textContent();
  return text?.replace("Order ", "") ?? "";
}

/** How many pieces the product's page says there are. */
export async function stockOf(page: Page, handle: string): Promise<number> {
  await page.goto(`/products/${handle}`);
  const text = await page.getByText(/^(\d+ in stock|Only \d+ left)$/).textContent();
  return Number(text?.match(/\d+/)?.[0]);
}

/** Opens the newest mail of this kind in the inbox, once it has arrived. */
export async function openMail(page: Page, inbox: string, to: string, subject: RegExp): Promise<void> {
  const mail = page.getByRole("link", { name: subject });
  await expect(async () => {
    await page.goto(`${inbox}/inbox?to=${encodeURIComponent(to)}`);
    await expect(mail.first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: workTimeout });
  await mail.first().click();
}
