import type { z } from "zod";
import type { ProductInput } from "@/lib/catalog/product-input";

type Variant = { values?: string[]; sku: string; price: number; stock: number; grams: number };

function product(
  handle: string,
  title: string,
  productType: string,
  description: string,
  details: { options?: string[]; variants: Variant[] },
): z.input<typeof ProductInput> {
  return {
    handle,
    title,
    description,
    vendor: "Shopfloor",
    productType,
    tags: [productType.toLowerCase()],
    status: "active",
    options: details.options ?? [],
    variants: details.variants.map(({ values, sku, price, stock, grams }) => ({
      optionValues: values ?? [],
      sku,
      priceAmount: price,
      currency: "EUR",
      weightGrams: grams,
      tracked: true,
      onHand: stock,
    })),
    images: [{ url: `/products/${handle}.svg`, alt: `Drawing: ${title}` }],
  };
}

/** What the demo shop sells. Prices in cents. */
export const demoProducts = [
  product(
    "claw-hammer",
    "Claw hammer",
    "Tools",
    "<p>Drop-forged head on an ash handle, 450 g. The claw pulls what the face drove in.</p><ul><li>Handle can be replaced</li><li>Grip dipped twice</li></ul>",
    { variants: [{ sku: "HMR-450", price: 3490, stock: 24, grams: 680 }] },
  ),
  product(
    "try-square",
    "Try square",
    "Tools",
    "<p>Beech stock, hardened blade, square to 0.05 mm over its length. Checked one by one.</p>",
    {
      options: ["Blade"],
      variants: [
        { values: ["150 mm"], sku: "TSQ-150", price: 2450, stock: 18, grams: 210 },
        { values: ["250 mm"], sku: "TSQ-250", price: 3150, stock: 9, grams: 340 },
      ],
    },
  ),
  product(
    "bench-vise",
    "Bench vise",
    "Tools",
    "<p>Cast iron, jaws of 100 mm with soft facings, swivel base. Bolts to any bench of 20 mm and more.</p>",
    { variants: [{ sku: "VSE-100", price: 12900, stock: 6, grams: 7800 }] },
  ),
  product(
    "folding-rule",
    "Folding rule",
    "Tools",
    "<p>Two metres of beech in ten links. Millimetres on both edges, and an angle scale in the first joint.</p>",
    { variants: [{ sku: "RUL-200", price: 890, stock: 60, grams: 120 }] },
  ),
  product(
    "tool-roll",
    "Canvas tool roll",
    "Bench and desk",
    "<p>Waxed canvas, twelve pockets, leather tie. Takes chisels up to 32 mm.</p>",
    { variants: [{ sku: "ROL-12", price: 4900, stock: 14, grams: 420 }] },
  ),
  product(
    "desk-lamp",
    "Desk lamp",
    "Bench and desk",
    "<p>Two arms, three joints, one lamp that stays where it is put. E27 socket, bulb not included.</p>",
    {
      options: ["Colour"],
      variants: [
        { values: ["Signal orange"], sku: "LMP-ORG", price: 8900, stock: 8, grams: 1900 },
        { values: ["Paper white"], sku: "LMP-WHT", price: 8900, stock: 3, grams: 1900 },
      ],
    },
  ),
  product(
    "enamel-mug",
    "Enamel mug",
    "Bench and desk",
    "<p>Holds 35 cl and falls off a bench without breaking. Chips are honest.</p>",
    { variants: [{ sku: "MUG-35", price: 1450, stock: 40, grams: 160 }] },
  ),
  product(
    "notebook",
    "Graph notebook",
    "Bench and desk",
    "<p>A5, 160 pages of 5 mm squares on paper that takes ink. Opens flat.</p>",
    { variants: [{ sku: "NBK-A5", price: 1190, stock: 75, grams: 260 }] },
  ),
  product(
    "work-apron",
    "Work apron",
    "Workwear",
    "<p>Cotton twill of 340 g, crossed back, two pockets at the hip and one for the pencil.</p>",
    {
      options: ["Size"],
      variants: [
        { values: ["S/M"], sku: "APR-SM", price: 5900, stock: 11, grams: 620 },
        { values: ["L/XL"], sku: "APR-LX", price: 5900, stock: 0, grams: 680 },
      ],
    },
  ),
  product(
    "leather-gloves",
    "Leather gloves",
    "Workwear",
    "<p>Goatskin palm, knitted cuff. Thin enough to pick up a screw.</p>",
    {
      options: ["Size"],
      variants: [
        { values: ["8"], sku: "GLV-08", price: 1890, stock: 16, grams: 90 },
        { values: ["9"], sku: "GLV-09", price: 1890, stock: 22, grams: 95 },
        { values: ["10"], sku: "GLV-10", price: 1890, stock: 2, grams: 100 },
      ],
    },
  ),
  product(
    "oil-can",
    "Machine oil",
    "Consumables",
    "<p>Acid-free, clear, 250 ml in a can with a long spout. Wipes off without a trace.</p>",
    { variants: [{ sku: "OIL-250", price: 990, stock: 48, grams: 310 }] },
  ),
  product(
    "wood-screws",
    "Box of wood screws",
    "Consumables",
    "<p>Countersunk, TX 20, zinc-plated. Two hundred in a box that can be refilled.</p>",
    {
      options: ["Length", "Diameter"],
      variants: [
        { values: ["30 mm", "4 mm"], sku: "SCR-430", price: 790, stock: 90, grams: 480 },
        { values: ["50 mm", "4 mm"], sku: "SCR-450", price: 990, stock: 70, grams: 760 },
        { values: ["50 mm", "5 mm"], sku: "SCR-550", price: 1190, stock: 55, grams: 1040 },
      ],
    },
  ),
  product(
    "pencils",
    "Carpenter pencils",
    "Consumables",
    "<p>Flat, so that they do not roll away. Medium lead, three in a pack.</p>",
    { variants: [{ sku: "PCL-03", price: 450, stock: 120, grams: 40 }] },
  ),
  product(
    "coffee-beans",
    "Workshop coffee",
    "Consumables",
    "<p>A dark roast for early starts. 500 g of whole beans, roasted the week it is sent.</p>",
    { variants: [{ sku: "COF-500", price: 1250, stock: 33, grams: 520 }] },
  ),
];
