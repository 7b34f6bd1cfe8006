import { expect, test } from "@/tests/support/e2e";

for (const path of ["/", "/products/claw-hammer", "/cart", "/checkout"]) {
  test(`${path} talks to the store alone, and carries a policy that lets only its own scripts run`, async ({
    page,
    baseURL,
  }) => {
    const hosts = new Set<string>();
    page.on("request", (request) => hosts.add(new URL(request.url()).origin));

    const response = await page.goto(path, { waitUntil: "networkidle" });

    expect([...hosts]).toEqual([baseURL]);
    const headers = response?.headers() ?? {};
    expect(headers["content-security-policy"]).toMatch(/script-src 'self' 'nonce-[0-9a-f]{32}' 'strict-dynamic';/);
    expect(headers["referrer-policy"]).toBe("same-origin");
    expect(headers["x-powered-by"]).toBeUndefined();
  });
}

test("a page fits a phone: nothing has to be scrolled sideways", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of [
    "/",
    "/products/try-square",
    "/cart",
    "/checkout",
    "/sign-in",
    "/sign-in/forgot",
    "/sign-in/reset",
  ]) {
    await page.goto(path);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, path).toBeLessThanOrEqual(0);
  }
});
