import type { Fields } from "../table/fields";

/** How much of a SKU is on hand. */
export type SkuCount = { sku: string; onHand: number };

export type InventoryField = "sku" | "onHand" | "newOnHand" | "location";

export const inventoryFields: Fields<InventoryField> = {
  sku: { label: "SKU", headings: ["SKU", "Variant SKU", "Product code", "StockCode"], isRequired: true },
  onHand: {
    label: "On hand",
    headings: [
      "On hand",
      "On hand (current)",
      "On hand (new)",
      "Variant Inventory Qty",
      "Inventory quantity",
      "Available",
      "Quantity",
      "Stock",
    ],
    isRequired: true,
  },
  newOnHand: {
    label: "New on hand",
    headings: ["On hand (new)"],
    hint: "What it is to become, as Shopify's export has it; where it is empty, what is on hand counts",
  },
  location: {
    label: "Place",
    headings: ["Location"],
    hint: "There is one stock here: rows of another place than the first row's are refused",
  },
};
