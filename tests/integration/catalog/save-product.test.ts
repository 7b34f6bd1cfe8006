import { afterAll, expect, test } from "vitest";
import type { ProductInput } from "@/lib/catalog/product-input";
import { saveProduct, saveProducts } from "@/lib/catalog/save-product";
import { bulkTransaction } from "@/lib/db/bulk-transaction";
import { closeDb, db } from "@/lib/db/client";

afterAll(closeDb);

const now = new Date("2026-11-20T10:00:00Z");
const later = new Date("2026-11-21T10:00:00Z");

const save = (input: ProductInput, at = now) => bulkTransaction((tx) => saveProduct(tx, input, { now: at }));

const variant = (optionValues: string[], onHand: number) => ({
  optionValues,
  priceAmount: 4900,
  currency: "EUR" as const,
  onHand,
});

const apron = (handle: string): ProductInput => ({
  handle,
  title: "Bench apron",
  description: "<p>Waxed canvas.</p>",
  vendor: "Shopfloor",
  tags: ["workwear"],
  options: ["Size", "Colour"],
  variants: [variant(["S", "Ink"], 3), variant(["M", "Ink"], 0), { ...variant(["M", "Sand"], 5), sku: "APR-M" }],
  images: [{ url: "https://example.com/a.jpg", alt: "Front" }],
});

const mug: ProductInput = { handle: "mug", title: "Mug", options: [], variants: [variant([], 10)], images: [] };

const stored = (handle: string) =>
  db().product.findUniqueOrThrow({
    where: { handle },
    include: {
      options: { orderBy: { position: "asc" } },
      variants: { orderBy: { position: "asc" }, include: { stock: true, movements: { orderBy: { id: "asc" } } } },
      images: { orderBy: { position: "asc" } },
    },
  });

test("a new product has its options, variants, prices, stock, ledger and images", async () => {
  const saved = await save(apron("apron"));

  expect(saved).toMatchObject({ outcome: "created", adjusted: [] });
  const product = await stored("apron");
  expect(product).toMatchObject({ id: saved.productId, title: "Bench apron", status: "active", tags: ["workwear"] });
  expect(product.options.map(({ name, values }) => [name, values])).toEqual([
    ["Size", ["S", "M"]],
    ["Colour", ["Ink", "Sand"]],
  ]);
  expect(product.variants.map((one) => [one.title, one.sku, one.priceAmount, one.priceCurrency])).toEqual([
    ["S / Ink", null, 4900, "EUR"],
    ["M / Ink", null, 4900, "EUR"],
    ["M / Sand", "APR-M", 4900, "EUR"],
  ]);
  expect(product.variants.map((one) => one.stock?.onHand)).toEqual([3, 0, 5]);
  expect(product.variants.map((one) => one.movements.map(({ kind, quantity }) => [kind, quantity]))).toEqual([
    [["received", 3]],
    [],
    [["received", 5]],
  ]);
  expect(product.images).toMatchObject([{ url: "https://example.com/a.jpg", alt: "Front" }]);
});

test("the same product again is unchanged and no row is written", async () => {
  await save(apron("apron-again"));
  const before = await stored("apron-again");

  const again = await save(apron("apron-again"), later);

  expect(again.outcome).toBe("unchanged");
  expect(await stored("apron-again")).toEqual(before);
});

test("stock moves through the ledger, so that the movements add up to what is on hand", async () => {
  await save({ ...mug, handle: "mug-ledger" });

  await save({ ...mug, handle: "mug-ledger", variants: [variant([], 4)] }, later);
  const result = await save({ ...mug, handle: "mug-ledger", variants: [variant([], 9)] }, later);

  expect(result.outcome).toBe("updated");
  const [only] = (await stored("mug-ledger")).variants;
  expect(only?.stock?.onHand).toBe(9);
  expect(only?.movements.map((one) => [one.kind, one.quantity])).toEqual([
    ["received", 10],
    ["adjusted", -6],
    ["adjusted", 5],
  ]);
});

test("stock that orders hold is not taken from them, and the result says so", async () => {
  await save({ ...mug, handle: "mug-held" });
  const [only] = (await stored("mug-held")).variants;
  await db().stockItem.update({ where: { variantId: only?.id }, data: { reserved: 3 } });

  const result = await save({ ...mug, handle: "mug-held", variants: [variant([], 1)] }, later);
  const again = await save({ ...mug, handle: "mug-held", variants: [variant([], 1)] }, later);

  expect(result).toMatchObject({ outcome: "updated", adjusted: [{ field: "stock" }] });
  expect(result.adjusted[0]?.reason).toContain("orders hold 3");
  expect(again).toMatchObject({ outcome: "unchanged", adjusted: [{ field: "stock" }] });
  expect((await stored("mug-held")).variants[0]?.stock).toMatchObject({ onHand: 3, reserved: 3 });
});

test("variants, images and fields that are not named are kept", async () => {
  await save(apron("apron-kept"));

  const result = await save(
    {
      handle: "apron-kept",
      variants: [variant(["L", "Ink"], 2)],
      images: [{ url: "https://example.com/b.jpg", alt: "" }],
    },
    later,
  );

  expect(result.outcome).toBe("updated");
  const product = await stored("apron-kept");
  expect(product).toMatchObject({ title: "Bench apron", description: "<p>Waxed canvas.</p>", tags: ["workwear"] });
  expect(product.variants.map((one) => one.title)).toEqual(["S / Ink", "M / Ink", "M / Sand", "L / Ink"]);
  expect(product.images.map((image) => image.url)).toEqual(["https://example.com/a.jpg", "https://example.com/b.jpg"]);
  expect(product.options[0]?.values).toEqual(["S", "M", "L"]);
});

test("a changed title, price and order of pictures are taken", async () => {
  await save({ ...apron("apron-new"), images: [picture("a"), picture("b")] });
  const before = await stored("apron-new");

  await save(
    {
      ...apron("apron-new"),
      title: "Apron",
      variants: [{ ...variant(["S", "Ink"], 3), priceAmount: 5100, compareAtAmount: 6000 }],
      images: [picture("b"), picture("a")],
    },
    later,
  );

  const product = await stored("apron-new");
  expect(product).toMatchObject({ title: "Apron", createdAt: before.createdAt, updatedAt: later });
  expect(product.variants[0]).toMatchObject({ id: before.variants[0]?.id, priceAmount: 5100, compareAtAmount: 6000 });
  expect(product.images.map((image) => image.url)).toEqual([picture("b").url, picture("a").url]);
});

test("the same SKU on several products and variants without one are all kept apart", async () => {
  const results = await bulkTransaction((tx) =>
    saveProducts(
      tx,
      ["one", "two"].map((handle) => ({
        ...mug,
        handle: `sku-${handle}`,
        options: ["Size"],
        variants: [{ ...variant(["S"], 1), sku: "SAME" }, { ...variant(["M"], 2), sku: "SAME" }, variant(["L"], 3)],
      })),
      { now },
    ),
  );

  expect(results.map((result) => result.outcome)).toEqual(["created", "created"]);
  expect(await db().variant.count({ where: { sku: "SAME" } })).toBe(4);
});

test("a handle that comes twice in one batch is one product with the variants of both", async () => {
  const results = await bulkTransaction((tx) =>
    saveProducts(
      tx,
      [
        { ...mug, handle: "twice", options: ["Size"], variants: [variant(["S"], 1)] },
        { handle: "twice", variants: [variant(["M"], 2)], images: [] },
      ],
      { now },
    ),
  );

  expect(results.map((result) => result.outcome)).toEqual(["created", "updated"]);
  expect((await stored("twice")).variants.map((one) => one.title)).toEqual(["S", "M"]);
});

test("a product that cannot be made is refused with a reason, and the others of the batch go in", async () => {
  await save({ ...mug, handle: "plain" });

  const results = await bulkTransaction((tx) =>
    saveProducts(
      tx,
      [
        { handle: "no-title", variants: [variant([], 1)], images: [] },
        { ...mug, handle: "no-variant", variants: [] },
        { handle: "plain", options: ["Size"], variants: [variant(["S"], 1)], images: [] },
        { ...mug, handle: "good" },
      ],
      { now },
    ),
  );

  expect(results.map((result) => result.outcome)).toEqual(["refused", "refused", "refused", "created"]);
  expect(await db().product.count({ where: { handle: { in: ["no-title", "no-variant"] } } })).toBe(0);
  expect((await stored("plain")).variants.map((one) => one.optionValues)).toEqual([[]]);
});

test("two writers of the same new product make one product", async () => {
  const outcomes = await Promise.all([1, 2, 3].map(() => save({ ...mug, handle: "raced" })));

  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(["created", "unchanged", "unchanged"]);
});

function picture(name: string) {
  return { url: `https://example.com/${name}.jpg`, alt: "" };
}
