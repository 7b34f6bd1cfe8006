import type { Page } from "@playwright/test";
import type { WorldSummary } from "@/local/launcher/world";
import { expect } from "@/tests/support/e2e";

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
