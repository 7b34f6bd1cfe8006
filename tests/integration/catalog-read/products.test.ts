import { beforeAll, describe, expect, it } from "vitest";
import { findProduct } from "@/lib/catalog/find-product";
import { listProducts } from "@/lib/catalog/list-products";
import { ProductInput } from "@/lib/catalog/product-input";
import { saveProduct } from "@/lib/catalog/save-product";
import { bulkTransaction } from "@/lib/db/bulk-transaction";
import { db } from "@/lib/db/client";

const now = new Date("2026-11-23T10:00:00Z");

async function save(product: unknown): Promise<void> {
  await bulkTransaction((tx) => saveProduct(tx, ProductInput.parse(product), { now }));
}

const oneWay = (onHand: number, more: object = {}) => [
  { optionValues: [], priceAmount: 1900, currency: "EUR", onHand, ...more },
];

beforeAll(async () => {
  await save({
    handle: "apron",
    title: "Work apron",
    productType: "Workwear",
    description: '<p onclick="x()">Waxed <b>cotton</b></p>',
    options: ["Size", "Colour"],
    variants: [
      { optionValues: ["L", "Olive"], priceAmount: 5900, currency: "EUR", onHand: 3, compareAtAmount: 6900 },
      { optionValues: ["S", "Olive"], priceAmount: 4900, currency: "EUR", onHand: 0, compareAtAmount: 4900 },
    ],
    images: [{ url: "/products/work-apron.svg" }],
  });
  await save({ handle: "coffee", title: "Coffee", tags: ["beans"], variants: oneWay(0, { tracked: false }) });
  await save({ handle: "oil", title: "100% machine oil", variants: oneWay(0) });
  await save({ handle: "draft", title: "Secret draft", status: "draft", variants: oneWay(5) });
});

describe("the shelf", () => {
  it("shows what is on sale, by title, with the lowest price and what has sold out", async () => {
    const { products, total } = await listProducts({});

    expect(total).toBe(3);
    expect(products.map(({ title, soldOut }) => [title, soldOut])).toEqual([
      ["100% machine oil", true],
      ["Coffee", false],
      ["Work apron", false],
    ]);
    expect(products[2]).toMatchObject({ priceFrom: { amount: 4900, currency: "EUR" }, pricesVary: true });
  });

  it.each([
    ["APRON", ["apron"]],
    ["workwear", ["apron"]],
    ["beans", ["coffee"]],
    ["draft", []],
    ["%", ["oil"]],
    ["_", []],
    ["a\0pron", ["apron"]],
  ])("finds %j in title, type and tags, without reading it as a pattern", async (query, handles) => {
    const { products } = await listProducts({ query });

    expect(products.map(({ handle }) => handle)).toEqual(handles);
  });

  it("answers the last page for one past the end", async () => {
    expect(await listProducts({ page: 99 })).toMatchObject({ page: 1, pageCount: 1, total: 3 });
  });
});

describe("a product", () => {
  it("has its variants with prices, and the pieces that can be bought: held ones are not", async () => {
    const large = await db().variant.findFirstOrThrow({ where: { product: { handle: "apron" }, title: "L / Olive" } });
    await db().stockItem.update({ where: { variantId: large.id }, data: { reserved: 1 } });

    const apron = await findProduct("apron");

    expect(apron?.optionNames).toEqual(["Size", "Colour"]);
    expect(apron?.variants.map(({ title, available, compareAt }) => [title, available, compareAt?.amount])).toEqual([
      ["L / Olive", 2, 6900],
      ["S / Olive", 0, undefined],
    ]);
    expect(apron?.description).toEqual([
      {
        kind: "paragraph",
        content: [
          { text: "Waxed ", strong: false, emphasis: false },
          { text: "cotton", strong: true, emphasis: false },
        ],
      },
    ]);
  });

  it("that nobody counts can always be bought, and one of a kind has no variant title", async () => {
    expect((await findProduct("coffee"))?.variants).toMatchObject([{ available: null, title: "" }]);
  });

  it("that is not on sale, or was never there, is not found", async () => {
    expect(await findProduct("draft")).toBeNull();
    expect(await findProduct("nothing")).toBeNull();
    expect(await findProduct("a\0b")).toBeNull();
  });
});
