import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test as base, expect } from "@playwright/test";
import type { WorldSummary } from "@/local/launcher/world";

/** Lets the page's console say what matches; anything else there, and any error nobody caught, fails the test. */
type PageErrors = { expect(pattern: RegExp): void };

/**
 * Playwright's `test` with the shop under test: `world` holds its addresses and logins, and relative addresses of
 * `page.goto` are the store's. Shared by all specs: each buys its own things and looks for its own mail.
 */
export const test = base.extend<{ pageErrors: PageErrors }, { world: WorldSummary }>({
  world: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the fixtures it hands over destructured.
    async ({}, use) => use(findWorld()),
    { scope: "worker" },
  ],
  baseURL: async ({ world }, use) => use(world.store),
  pageErrors: [
    async ({ page }, use) => {
      const allowed: RegExp[] = [];
      const seen: string[] = [];
      page.on("pageerror", (error) => seen.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") seen.push(message.text());
      });
      await use({ expect: (pattern) => allowed.push(pattern) });
      expect(seen.filter((text) => !allowed.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

function findWorld(): WorldSummary {
  const given = process.env.SHOPFLOOR_TEST_WORLD;
  if (given) return JSON.parse(given) as WorldSummary;
  const state = resolve(process.env.SHOPFLOOR_STATE ?? ".local/world");
  try {
    return JSON.parse(readFileSync(join(state, "world.json"), "utf8")) as WorldSummary;
  } catch (cause) {
    throw new Error(`No shop has run on ${state}. Run \`npm test\`, or start \`npm run demo\` first.`, { cause });
  }
}
