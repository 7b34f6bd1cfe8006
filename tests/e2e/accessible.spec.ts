import type { Page } from "@playwright/test";
import axe from "axe-core";
import { expect, test } from "@/tests/support/e2e";
import { addToCart, checkOut, newEmail, register } from "./shopper";
import { signIn } from "./staff";

/** What axe finds against WCAG 2.2 AA, in both colour schemes. */
async function findings(page: Page): Promise<string[]> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() =>
      (window as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      }),
    );
    found.push(...violations.map(({ id, help, nodes }) => `${colorScheme}: ${id}: ${help}: ${nodes[0]?.html}`));
  }
  return found;
}

test("axe finds nothing against WCAG 2.2 AA on a shopper's way", async ({ page }) => {
  for (const path of [
    "/",
    "/products/leather-gloves",
    "/sign-in",
    "/sign-in/forgot",
    "/sign-in/forgot?sent=1",
    "/register",
  ]) {
    await page.goto(path);
    expect(await findings(page), path).toEqual([]);
  }
  await addToCart(page, "enamel-mug");
  for (const path of ["/cart", "/checkout"]) {
    await page.goto(path);
    expect(await findings(page), path).toEqual([]);
  }
  await checkOut(page, newEmail("axe"));
  await page.getByRole("link", { name: /Back/ }).click();
  await expect(page.getByRole("heading", { name: "Waiting for payment" })).toBeVisible();
  expect(await findings(page), "the order's page").toEqual([]);
});

test("axe finds nothing against WCAG 2.2 AA where a shopper is signed in", async ({ page }) => {
  await register(page, newEmail("axe-account"));
  expect(await findings(page), "the account").toEqual([]);
  await addToCart(page, "enamel-mug");
  await page.goto("/checkout");
  expect(await findings(page), "the checkout of who is signed in").toEqual([]);
});

test("axe finds nothing against WCAG 2.2 AA in the admin", async ({ page, world }) => {
  await signIn(page, world);
  const places = ["orders", "orders/past", "attention", "runs", "events", "imports", "reports"];
  for (const path of places.map((place) => `/admin/${place}`)) {
    await page.goto(path);
    expect(await findings(page), path).toEqual([]);
  }
});
