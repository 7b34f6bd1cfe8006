import type { Columns as ColumnsOf } from "../../table/columns";
import type { Fields } from "../../table/fields";

export type Field =
  | "handle"
  | "title"
  | "description"
  | "vendor"
  | "type"
  | "tags"
  | "published"
  | "status"
  | `option${1 | 2 | 3}${"Name" | "Value"}`
  | "sku"
  | "barcode"
  | "price"
  | "compareAtPrice"
  | "grams"
  | "weight"
  | "weightUnit"
  | "inventoryTracker"
  | "inventoryQuantity"
  | "inventoryPolicy"
  | "imageUrl"
  | "imagePosition"
  | "imageAlt"
  | "variantImage";

export type Columns = ColumnsOf<Field>;

/** What we read of a row, by the heading of Shopify's export and that of its newer template. */
export const shopifyFields: Fields<Field> = {
  handle: { label: "Handle", headings: ["Handle", "URL handle"], isRequired: true, hint: "Tells which product it is" },
  title: { label: "Title", headings: ["Title"] },
  description: { label: "Description (HTML)", headings: ["Body (HTML)", "Body HTML", "Description"] },
  vendor: { label: "Vendor", headings: ["Vendor"] },
  type: { label: "Type", headings: ["Type"] },
  tags: { label: "Tags", headings: ["Tags"] },
  published: { label: "Published", headings: ["Published", "Published on online store"] },
  status: { label: "Status", headings: ["Status"] },
  option1Name: { label: "Name of option 1", headings: ["Option1 Name"] },
  option1Value: { label: "Value of option 1", headings: ["Option1 Value"] },
  option2Name: { label: "Name of option 2", headings: ["Option2 Name"] },
  option2Value: { label: "Value of option 2", headings: ["Option2 Value"] },
  option3Name: { label: "Name of option 3", headings: ["Option3 Name"] },
  option3Value: { label: "Value of option 3", headings: ["Option3 Value"] },
  sku: { label: "SKU", headings: ["Variant SKU", "SKU"] },
  barcode: { label: "Barcode", headings: ["Variant Barcode", "Barcode"] },
  price: { label: "Price", headings: ["Variant Price", "Price"], isRequired: true },
  compareAtPrice: { label: "Compare-at price", headings: ["Variant Compare At Price", "Compare-at price"] },
  grams: { label: "Weight in grams", headings: ["Variant Grams", "Weight value (grams)"] },
  weight: { label: "Weight", headings: ["Variant Weight"] },
  weightUnit: { label: "Unit of the weight", headings: ["Variant Weight Unit"] },
  inventoryTracker: { label: "Stock is tracked", headings: ["Variant Inventory Tracker", "Inventory tracker"] },
  inventoryQuantity: { label: "On hand", headings: ["Variant Inventory Qty", "Inventory quantity"] },
  inventoryPolicy: {
    label: "Sold on when out of stock",
    headings: ["Variant Inventory Policy", "Continue selling when out of stock"],
  },
  imageUrl: { label: "Address of a picture", headings: ["Image Src", "Product image URL"] },
  imagePosition: { label: "Position of the picture", headings: ["Image Position", "Image position"] },
  imageAlt: { label: "Words for the picture", headings: ["Image Alt Text", "Image alt text"] },
  variantImage: { label: "Picture of the variant", headings: ["Variant Image", "Variant image URL"] },
};
