import { expect, test } from "vitest";
import type { Candidate } from "@/lib/imports/candidate";
import { apronM, apronS, mug, notesOf, readFile, shopifyCsv, shopifyHeader } from "./read-text";

const read = (rows: Record<string, string>[], options?: Parameters<typeof readFile>[1]) =>
  readFile(shopifyCsv(rows), options);

test("the rows of one handle are one product with its options, variants and pictures", async () => {
  const [product, ...more] = await read([
    {
      ...apronS,
      "Option2 Name": "Colour",
      "Option2 Value": "Ink",
      "Variant SKU": "A-S",
      "Image Src": "https://x/1.jpg",
    },
    { ...apronM, "Option2 Value": "Ink", "Variant SKU": "A-S", "Variant Compare At Price": "59.00" },
    { Handle: "apron", "Image Src": "https://x/2.jpg", "Image Alt Text": "Back" },
  ]);

  expect(more).toEqual([]);
  expect(product?.notes).toEqual([]);
  expect(product?.item).toMatchObject({
    handle: "apron",
    title: "Bench apron",
    options: ["Size", "Colour"],
    variants: [
      { optionValues: ["S", "Ink"], sku: "A-S", priceAmount: 4900, currency: "EUR", tracked: true, onHand: 1 },
      { optionValues: ["M", "Ink"], sku: "A-S", compareAtAmount: 5900 },
    ],
    images: [
      { url: "https://x/1.jpg", alt: "" },
      { url: "https://x/2.jpg", alt: "Back" },
    ],
  });
});

test("the single option Title with its Default Title is no option", async () => {
  const [product] = await read([mug]);

  expect(product?.item).toMatchObject({ options: [], variants: [{ optionValues: [], onHand: 4 }] });
});

test("the description keeps its HTML and its blanks; tags are cut at commas, each once", async () => {
  const [product] = await read([{ ...mug, "Body (HTML)": " <p>\n a, b</p> ", Tags: "red, Blue,,red" }]);

  expect(product?.item).toMatchObject({ description: " <p>\n a, b</p> ", tags: ["red", "Blue"] });
});

test.each([
  [{ Published: "true" }, "active"],
  [{ Published: "false" }, "draft"],
  [{ Published: "" }, undefined],
  [{ Status: "active" }, "active"],
  [{ Status: "Active", Published: "false" }, "draft"],
  [{ Status: "draft", Published: "true" }, "draft"],
  [{ Status: "archived" }, "archived"],
  [{ Status: "unlisted" }, "draft"],
])("what says %o is %s", async (cells, status) => {
  const [product] = await read([{ ...mug, ...cells }]);

  expect(product?.item?.status).toBe(status);
});

test("a variant without inventory tracker can always be sold; its quantity is taken and said", async () => {
  const found = await read([{ ...mug, "Variant Inventory Tracker": "", "Variant Inventory Qty": "3" }]);

  expect(found[0]?.item?.variants).toMatchObject([{ tracked: false, onHand: 3 }]);
  expect(notesOf(found)).toMatchObject([{ rowNumber: 1, severity: "adjusted", field: "Variant Inventory Tracker" }]);
});

test("negative stock is taken as 0 and said", async () => {
  const found = await read([{ ...mug, "Variant Inventory Qty": "-7" }]);

  expect(found[0]?.item?.variants).toMatchObject([{ tracked: true, onHand: 0 }]);
  expect(notesOf(found)).toEqual([
    { rowNumber: 1, severity: "adjusted", field: "Variant Inventory Qty", reason: "The stock of -7 was taken as 0." },
  ]);
});

test("negative stock of what is not counted anyway is said once", async () => {
  const found = await read([{ ...mug, "Variant Inventory Tracker": "", "Variant Inventory Qty": "-1" }]);

  expect(found[0]?.item?.variants).toMatchObject([{ tracked: false, onHand: 0 }]);
  expect(notesOf(found)).toMatchObject([{ field: "Variant Inventory Qty" }]);
});

test("what is sold on when nothing is left is not counted down, and that is said", async () => {
  const found = await read([{ ...mug, "Variant Inventory Policy": "continue" }]);

  expect(found[0]?.item?.variants).toMatchObject([{ tracked: false, onHand: 4 }]);
  expect(notesOf(found)).toMatchObject([{ severity: "adjusted", field: "Variant Inventory Policy" }]);
});

test.each([
  [{ "Variant Grams": "453.6" }, 454],
  [{ "Variant Grams": "" }, null],
  [{ "Variant Weight": "1.5", "Variant Weight Unit": "kg" }, 1500],
  [{ "Variant Weight": "2", "Variant Weight Unit": "lb" }, 907],
  [{ "Variant Weight": "10", "Variant Weight Unit": "oz" }, 283],
  [{ "Variant Weight": "250", "Variant Weight Unit": "g" }, 250],
  [{ "Variant Grams": "1361", "Variant Weight Unit": "lb" }, 1361],
])("a weight of %o is %s grams", async (cells, grams) => {
  const header = [...shopifyHeader, "Variant Weight", "Variant Weight Unit"];

  const [product] = await readFile(shopifyCsv([{ ...mug, ...cells }], header));

  expect(product?.item?.variants[0]?.weightGrams).toBe(grams);
});

test.each([
  ["Variant Price", "12,50", "not a number such as 1234.50"],
  ["Variant Price", "12.345", "more than the 2 decimals of EUR"],
  ["Variant Price", "", "missing"],
  ["Variant Price", "-1.00", "negative"],
  ["Variant Price", "$5", "not a number"],
  ["Variant Price", "99999999999", "too large"],
  ["Variant Compare At Price", "abc", "not a number"],
  ["Variant Grams", "heavy", "not a number of g, kg, oz or lb"],
  ["Variant Inventory Qty", "1.5", "not a whole number"],
  ["Option1 Value", "", "is missing"],
  ["Option2 Value", "Red", "no option 2"],
])(
  "a row with %s %j is refused with its number, and the other rows of its product go in",
  async (field, value, why) => {
    const found = await read([apronS, { ...apronM, [field]: value }, { ...apronM, "Option1 Value": "L" }]);

    expect(found[0]?.item?.variants.map((variant) => variant.optionValues)).toEqual([["S"], ["L"]]);
    expect(notesOf(found)).toMatchObject([{ rowNumber: 2, severity: "refused", field }]);
    expect(notesOf(found)[0]?.reason).toContain(why);
  },
);

test("a first row whose variant cannot be taken still names the product for its other rows", async () => {
  const found = await read([{ ...apronS, "Variant Price": "x" }, apronM]);

  expect(found[0]?.item).toMatchObject({ title: "Bench apron", variants: [{ optionValues: ["M"] }] });
  expect(notesOf(found)).toMatchObject([{ rowNumber: 1, field: "Variant Price" }]);
});

test("where no variant can be taken every row of the product is refused", async () => {
  const found = await read([
    { ...mug, "Variant Price": "x" },
    { Handle: "blue-mug", "Image Src": "https://x/1.jpg" },
  ]);

  expect(found[0]?.item).toBeUndefined();
  expect(notesOf(found).map(({ rowNumber, severity }) => [rowNumber, severity])).toEqual([
    [1, "refused"],
    [2, "refused"],
  ]);
});

test.each([
  ["Status", "retired", "none of active, draft"],
  ["Published", "maybe", "neither true nor false"],
  ["Title", "x".repeat(300), "title"],
  ["Handle", "a/b", "handle"],
  ["Handle", "..", "handle"],
])("a product whose %s cannot be understood is refused with all its rows", async (field, value, why) => {
  const rows = [apronS, apronM].map((row) => ({ ...row, ...(field === "Handle" ? { Handle: value } : {}) }));
  const found = await read([{ ...rows[0], [field]: value }, { ...rows[1] }, mug]);

  expect(found.map((candidate) => candidate.item?.handle)).toEqual([undefined, "blue-mug"]);
  expect(notesOf(found).map(({ rowNumber }) => rowNumber)).toEqual([1, 2]);
  expect(notesOf(found)[0]?.reason.toLowerCase()).toContain(why);
  expect(notesOf(found)[1]?.reason).toContain("see row 1");
});

test("a row without a handle and one with a wrong number of cells are refused; the product around them goes in", async () => {
  const lines = shopifyCsv([apronS, { Title: "Who am I" }, apronM]).split("\n");
  lines.splice(3, 0, "apron,too,short");

  const found = await readFile(lines.join("\n"));

  expect(found.map((candidate) => candidate.item?.variants.length)).toEqual([2]);
  expect(notesOf(found)).toEqual([
    { rowNumber: 2, severity: "refused", field: "Handle", reason: "The handle is missing." },
    { rowNumber: 3, severity: "refused", reason: "The row has 3 cells where the first line has 24." },
  ]);
});

test("a row that repeats the option values of another is refused", async () => {
  const found = await read([apronS, { ...apronM, "Option1 Value": "S" }]);

  expect(found[0]?.item?.variants).toHaveLength(1);
  expect(notesOf(found)[0]?.reason).toBe("Row 1 has the same option values already.");
});

test("the same SKU on several products and no SKU at all keep variants apart", async () => {
  const found = await read([
    { ...mug, "Variant SKU": "SAME" },
    { ...mug, Handle: "b", "Variant SKU": "SAME" },
    { ...mug, Handle: "c" },
  ]);

  expect(found.map((candidate) => candidate.item?.variants[0]?.sku)).toEqual(["SAME", "SAME", null]);
});

test("rows that come later under a handle ask for nothing but their own variants and pictures", async () => {
  const found = await read([apronS, mug, apronM]);

  expect(found[2]?.item).toEqual({
    handle: "apron",
    variants: [expect.objectContaining({ optionValues: ["M"] })],
    images: [],
  });
});

test("each picture comes once, in its order; what is no web address is left out and said", async () => {
  const found = await read([
    { ...mug, "Image Src": "https://x/1.jpg" },
    { Handle: "blue-mug", "Image Src": "javascript:alert(1)" },
    { Handle: "blue-mug", "Image Src": "https://x/2.jpg" },
    { Handle: "blue-mug", "Image Src": "https://x/1.jpg" },
  ]);

  expect(found[0]?.item?.images.map((image) => image.url)).toEqual(["https://x/1.jpg", "https://x/2.jpg"]);
  expect(notesOf(found)).toMatchObject([{ rowNumber: 2, severity: "adjusted", field: "Image Src" }]);
});

test("columns may come in another order and case, and under the names of the newer template", async () => {
  const [product] = await readFile(
    "price,TITLE,URL handle,Inventory quantity,Inventory tracker,SKU\n9.50,Mug,mug,3,shopify,M-1\n",
  );

  expect(product?.item).toMatchObject({
    handle: "mug",
    title: "Mug",
    variants: [{ priceAmount: 950, onHand: 3, sku: "M-1", optionValues: [] }],
  });
});

test("prices follow the decimals of the import's currency", async () => {
  const amounts = async (price: string, currency: "JPY" | "KWD") => {
    const [product] = await read([{ ...mug, "Variant Price": price }], { currency });
    return product?.item?.variants[0]?.priceAmount;
  };

  expect(await amounts("1200", "JPY")).toBe(1200);
  expect(await amounts("1200.50", "JPY")).toBeUndefined();
  expect(await amounts("1.250", "KWD")).toBe(1250);
});

test("reading from a row on gives the same pieces as reading all, from there", async () => {
  const rows = [apronS, apronM, mug, { ...mug, Handle: "c" }];

  const all = await read(rows);
  const rest = await read(rows, { after: all[0]?.lastRow });

  const withRaw = (candidates: Candidate[]) =>
    candidates.map(({ rows, ...rest }) => ({
      ...rest,
      rows: rows.map(({ rawRow, ...row }) => ({ ...row, raw: rawRow() })),
    }));
  expect(withRaw(rest)).toEqual(withRaw(all.slice(1)));
});
