import { expect, test } from "vitest";
import { notesOf, readFile } from "./read-text";

const apron = {
  handle: "apron",
  title: "Bench apron",
  description: "<p>Waxed</p>",
  type: "Workwear",
  tags: "canvas, waxed",
  status: "draft",
  options: ["Size"],
  variants: [
    { options: ["S"], sku: "A-S", price: "49.00", compareAtPrice: 59, weight: { value: 1.5, unit: "kg" }, stock: 3 },
    { options: ["M"], price: 49, tracked: false },
  ],
  images: ["https://x/1.jpg", { url: "https://x/2.jpg", alt: "Back" }],
};

const read = (...products: unknown[]) => readFile(JSON.stringify(products), { fileName: "products.json" });

test("a product in JSON has all that a product has", async () => {
  const [candidate] = await read(apron);

  expect(candidate?.notes).toEqual([]);
  expect(candidate?.item).toMatchObject({
    handle: "apron",
    productType: "Workwear",
    tags: ["canvas", "waxed"],
    status: "draft",
    options: ["Size"],
    variants: [
      { optionValues: ["S"], sku: "A-S", priceAmount: 4900, compareAtAmount: 5900, weightGrams: 1500, onHand: 3 },
      { optionValues: ["M"], priceAmount: 4900, tracked: false },
    ],
    images: [
      { url: "https://x/1.jpg", alt: "" },
      { url: "https://x/2.jpg", alt: "Back" },
    ],
  });
});

test.each([
  ["a price of another shape", { variants: [{ options: ["S"], price: "12,5" }] }, "variants[0].price"],
  ["too few option values", { variants: [{ options: [], price: "1" }] }, "variants[0].optionValues"],
  ["no handle", { handle: undefined }, "handle"],
  ["an unknown status", { status: "gone" }, "status"],
  ["stock that is not whole", { variants: [{ options: ["S"], price: "1", stock: 1.5 }] }, "variants[0].stock"],
])("a record with %s is refused with its number and the place in it; the others go in", async (_name, wrong, field) => {
  const found = await read(apron, { ...apron, ...wrong }, apron);

  expect(found.map((candidate) => candidate.item?.handle)).toEqual(["apron", undefined, "apron"]);
  expect(notesOf(found)).toMatchObject([{ rowNumber: 2, severity: "refused", field }]);
});

test("an empty maker or type is none, as in a CSV file", async () => {
  const [candidate] = await read({ ...apron, vendor: "", type: " " });

  expect(candidate?.notes).toEqual([]);
  expect(candidate?.item).toMatchObject({ vendor: null, productType: null });
});

test("what is not a product at all is refused", async () => {
  const found = await read(7, null, "x", []);

  expect(notesOf(found).map((note) => [note.rowNumber, note.severity])).toEqual([
    [1, "refused"],
    [2, "refused"],
    [3, "refused"],
    [4, "refused"],
  ]);
});

test("negative stock is taken as 0 and said", async () => {
  const found = await read({ ...apron, variants: [{ options: ["S"], price: "1", stock: -2 }] });

  expect(found[0]?.item?.variants[0]?.onHand).toBe(0);
  expect(notesOf(found)).toMatchObject([{ severity: "adjusted", field: "variants[0].stock" }]);
});

test("what is left out is not spoken of, so that it can stay as it is", async () => {
  const [candidate] = await read({ handle: "apron", variants: [{ options: ["S"], price: "5" }] });

  expect(candidate?.item).toEqual({
    handle: "apron",
    variants: [{ optionValues: ["S"], priceAmount: 500, currency: "EUR" }],
    images: [],
  });
});
