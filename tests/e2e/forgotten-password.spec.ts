import type { Page } from "@playwright/test";
import { expect, test } from "@/tests/support/e2e";
import { expectedNoise, newEmail, openMail, register } from "./shopper";

test.setTimeout(180_000);

test.beforeEach(({ pageErrors }) => pageErrors.expect(expectedNoise));

const password = "a better engine";

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
}

async function askForLink(page: Page, email: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Send a link" }).click();
  await expect(page.getByRole("heading", { name: "Look into your mailbox" })).toBeVisible();
}

/** The address that the mail's button leads to. */
async function mailedLink(page: Page, inbox: string, email: string): Promise<string> {
  await openMail(page, inbox, email, /Set your password/);
  const link = page.frameLocator("iframe").getByRole("link", { name: "Set the password" });
  return (await link.getAttribute("href")) ?? "";
}

async function setPassword(page: Page, to: string): Promise<void> {
  await page.getByLabel("New password").fill(to);
  await page.getByRole("button", { name: "Set the password" }).click();
}

test("a shopper who forgot the password sets a new one by mail, and is signed out everywhere else", async ({
  page,
  browser,
  world,
}) => {
  const email = newEmail("forgetful");
  const elsewhere = await browser.newPage({ baseURL: world.store });
  await register(elsewhere, email);
  await askForLink(page, email);
  const link = await mailedLink(page, world.inbox, email);

  const response = await page.goto(link);
  expect(response?.headers()["referrer-policy"]).toBe("strict-origin");
  await setPassword(page, "short");
  await expect(page.getByLabel("New password")).toHaveAccessibleDescription(/at least 8 characters/);
  await setPassword(page, password);

  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
  await elsewhere.goto("/account");
  await expect(elsewhere.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await elsewhere.getByLabel("E-mail").fill(email);
  await elsewhere.getByLabel("Password").fill(password);
  await elsewhere.getByRole("button", { name: "Sign in" }).click();
  await expect(elsewhere.getByRole("heading", { name: "Your account" })).toBeVisible();
  await elsewhere.close();

  await page.goto(link);
  await expect(page.getByRole("heading", { name: "This link does not work" })).toBeVisible();
  await page.getByRole("link", { name: "Ask for a new link" }).click();
  await expect(page.getByRole("heading", { name: "Set a new password" })).toBeVisible();
});

test("nobody is told whether an address has an account, and no mail goes to one that has none", async ({
  page,
  world,
}) => {
  const [stranger, email] = [newEmail("stranger"), newEmail("known")];
  await register(page, email);
  await signOut(page);

  await askForLink(page, stranger);
  const answer = await page.getByRole("status").textContent();
  await askForLink(page, email);
  expect(await page.getByRole("status").textContent()).toBe(answer);

  // What was asked for later is here, so the other one would be, too.
  await openMail(page, world.inbox, email, /Set your password/);
  await page.goto(`${world.inbox}/inbox?to=${encodeURIComponent(stranger)}`);
  await expect(page.getByRole("link", { name: /Set your password/ })).toHaveCount(0);
});

test("a link that was used meanwhile says so beside the form, with the way to another one", async ({ page, world }) => {
  const email = newEmail("two-windows");
  await register(page, email);
  await signOut(page);
  await askForLink(page, email);
  const link = await mailedLink(page, world.inbox, email);
  const other = await page.context().newPage();
  await other.goto(link);
  await page.goto(link);
  await setPassword(page, password);
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();

  await setPassword(other, "another engine");

  await expect(other.getByRole("alert").filter({ hasText: "This link does not work" })).toBeVisible();
  await expect(other.getByRole("link", { name: "Ask for a new link" })).toBeVisible();
});

test.describe("before any JavaScript has loaded", () => {
  test.use({ javaScriptEnabled: false });

  test("a password can be set by mail", async ({ page, browser, world }) => {
    const email = newEmail("plain-password");
    const elsewhere = await browser.newPage({ baseURL: world.store, javaScriptEnabled: true });
    await register(elsewhere, email);
    await askForLink(page, email);

    await page.goto(await mailedLink(elsewhere, world.inbox, email));
    await elsewhere.close();
    await setPassword(page, "short");
    await expect(page.getByText("Choose a password of at least 8 characters.")).toBeVisible();
    await setPassword(page, password);

    await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
  });
});
