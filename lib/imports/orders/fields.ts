import type { Fields } from "../table/fields";

export type OrderField =
  | "number"
  | "placedAt"
  | "dateOrder"
  | "title"
  | "sku"
  | "quantity"
  | "unitPrice"
  | "lineDiscount"
  | "discount"
  | "discountCode"
  | "shipping"
  | "shippingName"
  | "tax"
  | "total"
  | "refunded"
  | "currency"
  | "paymentStatus"
  | "email"
  | "customer"
  | "name"
  | "country"
  | "shippingCodes"
  | "feeCodes";

/** What a row of past orders may say: one line of an order, with what is said of the order in one row of it or in all. */
export const orderFields: Fields<OrderField> = {
  number: {
    label: "Order number",
    headings: ["Order number", "Name", "InvoiceNo", "Invoice", "Order", "Order ID"],
    isRequired: true,
    hint: "Rows of one number that follow each other are one order",
  },
  placedAt: {
    label: "Date",
    headings: ["Created at", "Date", "Order date", "InvoiceDate", "Paid at"],
    isRequired: true,
    fixed: "date",
    hint: "In the store's time zone where it says none",
  },
  dateOrder: {
    label: "Dates with slashes or points",
    headings: ["Date order"],
    isForAll: true,
    fixed: "text",
    hint: "“day first” or “month first”, where dates look like 12/1/2010",
  },
  title: {
    label: "Product",
    headings: ["Lineitem name", "Description", "Product", "Title", "Item"],
    isRequired: true,
  },
  sku: { label: "SKU", headings: ["Lineitem sku", "SKU", "StockCode", "Product code"] },
  quantity: {
    label: "Quantity",
    headings: ["Lineitem quantity", "Quantity", "Qty"],
    isRequired: true,
    hint: "Below nothing for what came back",
  },
  unitPrice: {
    label: "Price of one",
    headings: ["Lineitem price", "UnitPrice", "Unit price", "Price"],
    isRequired: true,
  },
  lineDiscount: { label: "Discount on the line", headings: ["Lineitem discount", "Line discount"] },
  discount: { label: "Discount on the order", headings: ["Discount Amount", "Discount"] },
  discountCode: { label: "Discount code", headings: ["Discount Code"] },
  shipping: { label: "Shipping", headings: ["Shipping", "Shipping amount", "Postage"] },
  shippingName: { label: "Way of shipping", headings: ["Shipping Method"] },
  tax: { label: "Tax", headings: ["Taxes", "Tax"] },
  total: { label: "Total", headings: ["Total", "Order total"], hint: "Compared with what the parts come to" },
  refunded: { label: "Refunded", headings: ["Refunded Amount", "Refunded"] },
  currency: { label: "Currency", headings: ["Currency"] },
  paymentStatus: {
    label: "Payment status",
    headings: ["Financial Status", "Payment status"],
    hint: "Orders that were never paid are refused",
  },
  email: { label: "E-mail", headings: ["Email", "E-mail", "Customer email"] },
  customer: { label: "Customer number", headings: ["CustomerID", "Customer ID", "Customer number", "Customer"] },
  name: { label: "Name", headings: ["Billing Name", "Shipping Name", "Customer name"] },
  country: { label: "Country", headings: ["Shipping Country", "Billing Country", "Country"] },
  shippingCodes: {
    label: "SKUs that are shipping",
    headings: ["Shipping codes"],
    isForAll: true,
    fixed: "text",
    hint: "With commas between them, such as POST, DOT",
  },
  feeCodes: {
    label: "SKUs that are fees",
    headings: ["Fee codes"],
    isForAll: true,
    fixed: "text",
    hint: "Charged, and no products: with commas between them",
  },
};
