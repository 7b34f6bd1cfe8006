import type { Product, Variant } from "@/lib/db/generated/client";
import { Currency, format, money } from "@/lib/money/money";
import { shortened } from "@/lib/text-input";
import type { ProductPlan, StoredProduct } from "./plan-product";

/** Something of a product that would be another, in words for people. */
export type Change = { what: string; from: string; to: string };

/** What a plan changes of a product that is there, in the order in which its page shows it. */
export function describeChanges(plan: ProductPlan, stored: StoredProduct): Change[] {
  const changes: Change[] = [];
  const tell = (what: string, from: string, to: string) => {
    if (from !== to) changes.push({ what, from: shortened(from), to: shortened(to) });
  };
  const { updateProduct, replaceOptions, replaceImages } = plan;
  if (updateProduct) for (const [what, read] of productFields) tell(what, read(stored), read(updateProduct));
  if (replaceOptions) tell("Options", optionsText(stored.options), optionsText(replaceOptions));
  if (replaceImages) tell("Pictures", urlsText(stored.images), urlsText(replaceImages));
  const before = new Map(stored.variants.map((variant) => [variant.id, variant]));
  for (const variant of plan.updateVariants) {
    const was = before.get(variant.id);
    if (was) for (const [what, read] of variantFields) tell(ofVariant(what, variant), read(was), read(variant));
  }
  for (const variant of plan.insertVariants) tell(`Variant ${variant.title}`.trim(), "", priceText(variant));
  for (const target of plan.stockTargets) {
    const was = before.get(target.variantId);
    if (was) tell(ofVariant("Stock", was), stockText(was.stock), stockText(target));
  }
  return changes;
}

const productFields: [what: string, read: (product: Product) => string][] = [
  ["Title", (product) => product.title],
  ["Description", (product) => product.description],
  ["Vendor", (product) => product.vendor ?? ""],
  ["Type", (product) => product.productType ?? ""],
  ["Tags", (product) => product.tags.join(", ")],
  ["Status", (product) => product.status],
];

const variantFields: [what: string, read: (variant: Variant) => string][] = [
  ["Price", priceText],
  ["Compare-at price", (variant) => amountText(variant.compareAtAmount, variant)],
  ["SKU", (variant) => variant.sku ?? ""],
  ["Barcode", (variant) => variant.barcode ?? ""],
  ["Weight", (variant) => (variant.weightGrams === null ? "" : `${variant.weightGrams} g`)],
  ["Position", (variant) => String(variant.position + 1)],
];

function priceText(variant: Variant): string {
  return amountText(variant.priceAmount, variant);
}

function amountText(amount: number | null, { priceCurrency }: Variant): string {
  return amount === null ? "" : format(money(amount, Currency.parse(priceCurrency)));
}

function stockText(stock: { tracked: boolean; onHand: number } | null): string {
  if (!stock) return "";
  return stock.tracked ? String(stock.onHand) : `${stock.onHand}, not counted down`;
}

const optionsText = (options: readonly { name: string; values: readonly string[] }[]): string =>
  options.map(({ name, values }) => `${name}: ${values.join(", ")}`).join("; ");

const urlsText = (images: readonly { url: string }[]): string => images.map(({ url }) => url).join(", ");

const ofVariant = (what: string, { title }: { title: string }): string => (title === "" ? what : `${what} of ${title}`);
