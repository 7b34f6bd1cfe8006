import type { Page } from "@playwright/test";
import type { WorldSummary } from "@/local/launcher/world";
import { expect } from "@/tests/support/e2e";
import { workTimeout } from "./shopper";

/** Signs in to the admin as the owner. */
export async function signIn(page: Page, world: WorldSummary): Promise<void> {
  const owner = world.logins.find(({ role }) => role === "owner");
  if (!owner) throw new Error("This world has no owner.");
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(owner.email);
  await page.getByLabel("Password").fill(owner.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
}

/** Opens the order of this address as soon as it waits for a person to look at it. */
export async function openWaitingOrder(desk: Page, email: string): Promise<void> {
  await expect(async () => {
    await desk.goto(`/admin/orders?q=${encodeURIComponent(email)}`);
    await expect(desk.getByText("Needs a look")).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: workTimeout });
  await desk.getByRole("link", { name: /^#\d+$/ }).click();
}
