import { expect, test } from "@/tests/support/e2e";

test("the store opens and shows products", async ({ page }) => {
  await page.goto("/");

  await expect(page).toHaveTitle(/Shopfloor/);
  await expect(
    page.getByRole("link", { name: /bottle|mug|vise|apron|clamp|square|plane|bench/i }).first(),
  ).toBeVisible();
});

for (const part of ["inbox", "stripe", "trigger"] as const) {
  test(`the ${part} page opens`, async ({ page, world }) => {
    const response = await page.goto(world[part]);

    expect(response?.status()).toBe(200);
    await expect(page.getByRole("heading").first()).toBeVisible();
  });
}
