import { readFile } from "node:fs/promises";
import { expect, test } from "@/tests/support/e2e";
import { sharedData } from "@/tests/support/shared-data";
import { buy, expectedNoise, newEmail, openMail, workTimeout } from "./shopper";
import { signIn } from "./staff";

test.setTimeout(300_000);

const files = [
  {
    file: "shopify-apparel.csv",
    product: { handle: "ayers-chambray", title: "Ayres Chambray" },
    variants: [
      ["S", "€98.00", "Only 1 left"],
      ["M", "€98.00", "Sold out"],
      ["L", "€98.00", "25 in stock"],
      ["XL", "€102.00", "35 in stock"],
    ],
    bought: "XL",
  },
  {
    file: "shopify-jewelry.csv",
    product: { handle: "18k-pedal-ring", title: "18k Pedal Ring" },
    variants: ["6", "7", "8", "9", "10", "11"].map((size) => [size, "€399.00", "In stock"]),
    bought: "8",
  },
] as const;

for (const { file, product, variants, bought } of files) {
  const path = sharedData(file);

  test(`${file}, imported through the admin, is in the store with its variants, prices and stock, and can be bought`, async ({
    page,
    world,
    pageErrors,
  }) => {
    test.skip(!path, `${file} is not on this machine`);
    pageErrors.expect(expectedNoise);
    await signIn(page, world);
    await page.goto("/admin/imports");
    await page.getByLabel("File", { exact: true }).setInputFiles(path ?? "");
    await page.getByRole("button", { name: "Import", exact: true }).click();

    await expect(page).toHaveURL(/\/admin\/imports\/imp_/);
    await expect(page.getByRole("status").filter({ hasText: "Completed" })).toBeVisible({ timeout: workTimeout });

    await page.goto(`/products/${product.handle}`);
    await expect(page.getByRole("heading", { name: product.title })).toBeVisible();
    for (const [index, [title = "", price = "", stock = ""]] of variants.entries()) {
      const choice = page.getByRole("group").locator("label").nth(index);
      await expect(choice).toContainText(title);
      await expect(choice).toContainText(price);
      await expect(choice).toContainText(stock);
    }
    await expect(page.getByRole("img", { name: `No drawing of ${product.title} yet` })).toBeVisible();
    await buy(page, { handle: product.handle, variant: bought, email: newEmail("import") });
  });
}

test("the address of a file inside is not fetched, and staff read why", async ({ page, world }) => {
  await signIn(page, world);
  await page.goto("/admin/imports");

  await page.getByLabel("Address of a file").fill("ftp://files.example.com/shop.csv");
  await page.getByRole("button", { name: "Fetch" }).click();
  await expect(page.getByText("Files are fetched from addresses that begin with https:// only.")).toBeVisible();

  await page.getByLabel("Address of a file").fill(`https://localhost:${new URL(page.url()).port}/shop.csv?key=secret`);
  await page.getByRole("button", { name: "Fetch" }).click();

  await expect(page).toHaveURL(/\/admin\/imports\/imp_/);
  await expect(page.getByText("is not a host on the public internet")).toBeVisible({ timeout: workTimeout });
  await expect(page.getByText("key=secret")).toBeHidden();
});

test("refused rows can be downloaded, mended and given again, or tried again as they are; a mail tells of each end", async ({
  page,
  world,
}) => {
  const name = `bench-${Date.now()}`;
  const lines = [
    "Handle,Title,Variant Price,Variant SKU",
    `${name}-hook,Hook,4.00,=HOOK`,
    `${name}-rail,Rail,"12,00",RAIL`,
    `${name}-clamp,Clamp,9.00,CLAMP`,
  ];
  const give = async (fileName: string, content: string) => {
    await page.goto("/admin/imports");
    await page
      .getByLabel("File", { exact: true })
      .setInputFiles({ name: fileName, mimeType: "text/csv", buffer: Buffer.from(content) });
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await expect(page.getByRole("status").filter({ hasText: "Completed" })).toBeVisible({ timeout: workTimeout });
  };
  await signIn(page, world);

  await give(`${name}.csv`, lines.join("\n"));
  await expect(page.getByText('The price "12,00" is not a number')).toBeVisible();
  const started = page.waitForEvent("download");
  await page.getByRole("link", { name: /Download/ }).click();
  const refused = await readFile(await (await started).path(), "utf8");
  expect(refused).toContain("RAIL");
  expect(refused).not.toContain("CLAMP");

  await page.getByRole("button", { name: "Try the refused rows again" }).click();
  await expect(page.getByRole("link", { name: "from an earlier import" })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "Completed" })).toBeVisible({ timeout: workTimeout });
  await expect(page.getByText('The price "12,00" is not a number')).toBeVisible();

  await give(`${name}-mended.csv`, refused.replace(',"12,00",', ",12.00,"));
  await page.goto(`/products/${name}-rail`);
  await expect(page.getByText("€12.00").first()).toBeVisible();

  const owner = world.logins.find(({ role }) => role === "owner")?.email ?? "";
  await openMail(page, world.inbox, owner, new RegExp(`The import of ${name}-mended.csv is complete`));
});

test("a dry run shows what would change, changes nothing, and is imported by one click", async ({
  page,
  world,
  pageErrors,
}) => {
  pageErrors.expect(/404/);
  const handle = `vice-${Date.now()}`;
  await signIn(page, world);
  await page.goto("/admin/imports");
  const content = `Handle,Title,Variant Price\n${handle},Vice,79.00\n`;
  await page
    .getByLabel("File", { exact: true })
    .setInputFiles({ name: `${handle}.csv`, mimeType: "text/csv", buffer: Buffer.from(content) });
  await page.getByLabel("Dry run").first().check();
  await page.getByRole("button", { name: "Import", exact: true }).click();

  await expect(page.getByRole("heading", { name: "What would change" })).toBeVisible({ timeout: workTimeout });
  await expect(page.getByRole("row", { name: /Vice created/ })).toBeVisible();
  const address = page.url();
  expect((await page.goto(`/products/${handle}`))?.status()).toBe(404);

  await page.goto(address);
  await page.getByRole("button", { name: "Import it now" }).click();
  await expect(page.getByText("Created", { exact: true })).toBeVisible({ timeout: workTimeout });
  await expect(page.getByRole("status").filter({ hasText: "Completed" })).toBeVisible({ timeout: workTimeout });
  await page.goto(`/products/${handle}`);
  await expect(page.getByText("€79.00").first()).toBeVisible();
});

test("past orders of another shop come in by the columns that staff point at, which are remembered", async ({
  page,
  world,
}) => {
  const mark = Date.now();
  const give = async (fileName: string, rows: string[]) => {
    await page.goto("/admin/imports");
    const buffer = Buffer.from(`Ref;What;No;Each;Buyer\n${rows.join("\n")}\n`);
    await page.getByLabel("File", { exact: true }).setInputFiles({ name: fileName, mimeType: "text/csv", buffer });
    await page.getByLabel("Of", { exact: true }).first().selectOption("Past orders");
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await expect(page.getByRole("heading", { name: `Columns of ${fileName}` })).toBeVisible();
  };
  await signIn(page, world);

  await give(`old-${mark}.csv`, [`A${mark};Cup;2;1.50;ada-${mark}@example.com`, `B${mark};Cup;-1;1.50;`]);
  await expect(page.getByRole("cell", { name: `A${mark}` })).toBeVisible();
  await page.getByRole("button", { name: "Read it so" }).click();
  await expect(page.getByText('Say which column has "Order number", "Date"')).toBeVisible();
  for (const [what, column] of [
    ["Order number", "Ref"],
    ["Product", "What"],
    ["Quantity", "No"],
    ["Price of one", "Each"],
    ["E-mail", "Buyer"],
  ] as const)
    await page.getByLabel(what, { exact: true }).selectOption(column);
  await page.getByLabel("Date, the same for all rows").fill("2011-02-03");
  await page.getByRole("button", { name: "Read it so" }).click();

  await expect(page.getByRole("heading", { name: "What would change" })).toBeVisible({ timeout: workTimeout });
  await expect(page.getByText("€3.00 on 2011-02-03, 2 pieces")).toBeVisible();
  await page.getByRole("button", { name: "Import it now" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Completed" })).toBeVisible({ timeout: workTimeout });

  await page.goto("/admin/orders");
  await page.getByRole("link", { name: "Past orders" }).click();
  await expect(page.getByRole("row", { name: new RegExp(`B${mark} Given back`) })).toBeVisible();
  await page.getByRole("link", { name: `A${mark}` }).click();
  await expect(page.getByRole("heading", { name: `Order A${mark}` })).toBeVisible();
  await expect(page.getByRole("row", { name: /Cup 2 €1.50 €3.00/ })).toBeVisible();

  await give(`newer-${mark}.csv`, [`C${mark};Cup;1;2.00;`]);
  await expect(page.getByText("Filled in as for an earlier file with the same columns.")).toBeVisible();
  await expect(page.getByLabel("Order number", { exact: true })).toHaveValue("Ref");
  await expect(page.getByLabel("Date, the same for all rows")).toHaveValue("2011-02-03");
  await page.getByLabel("Dry run").uncheck();
  await page.getByRole("button", { name: "Read it so" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Completed" })).toBeVisible({ timeout: workTimeout });
});

test("an import is undone by one click", async ({ page, world, pageErrors }) => {
  pageErrors.expect(/404/);
  const handle = `anvil-${Date.now()}`;
  await signIn(page, world);
  await page.goto("/admin/imports");
  const buffer = Buffer.from(`Handle,Title,Variant Price\n${handle},Anvil,79.00\n`);
  await page.getByLabel("File", { exact: true }).setInputFiles({ name: `${handle}.csv`, mimeType: "text/csv", buffer });
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: "Completed" })).toBeVisible({ timeout: workTimeout });
  const address = page.url();
  expect((await page.goto(`/products/${handle}`))?.status()).toBe(200);

  await page.goto(address);
  await page.getByRole("button", { name: "Undo this import" }).click();

  await expect(page.getByRole("status").filter({ hasText: "Undone" })).toBeVisible({ timeout: workTimeout });
  await expect(page.getByText("One change was put back.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo this import" })).toBeHidden();
  expect((await page.goto(`/products/${handle}`))?.status()).toBe(404);
});
