import type { Fields } from "../table/fields";

/** How much of a SKU is on hand. */
export type SkuCount = { sku: string; onHand: number };

export type InventoryField = "sku" | "onHand" | "location";

export const inventoryFields: Fields<InventoryField> = {
  sku: { label: "SKU", headings: ["SKU", "Variant SKU", "Product code", "StockCode"], isRequired: true },
  onHand: {
    label: "On hand",
    headings: [
      "On hand",
      "On hand (new)",
      "On hand (current)",
      "Variant Inventory Qty",
      "Inventory quantity",
      "Available",
      "Quantity",
      "Stock",
    ],
    isRequired: true,
  },
  location: {
    label: "Place",
    headings: ["Location"],
    hint: "There is one stock here: rows of another place than the first row's are refused",
  },
};
