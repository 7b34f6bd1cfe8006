import { isDeepStrictEqual } from "node:util";
import type { Image, Product, ProductOption, StockItem, StockMovement, Variant } from "@/lib/db/generated/client";
import { type ImportId, newId, type ProductId } from "@/lib/ids";
import { ProductHasOtherOptionsError, ProductIncompleteError } from "./errors";
import type { ImageInput, ProductInput, VariantInput } from "./product-input";

/** What is known of a product before it is saved; options, variants and images by position. */
export type StoredProduct = Product & {
  options: ProductOption[];
  variants: (Variant & { stock: StockItem | null })[];
  images: Image[];
};

/** A counter of stock that shall have this value; what it is now is read again under a lock before it is written. */
export type StockTarget = { variantId: string; optionValues: string[]; tracked: boolean; onHand: number };

/** The rows that make a product what its input says. Options and images are replaced as a whole, when they change. */
export type ProductPlan = {
  productId: ProductId;
  isNew: boolean;
  insertProduct?: Product;
  updateProduct?: Product;
  replaceOptions?: ProductOption[];
  replaceImages?: Image[];
  insertVariants: Variant[];
  updateVariants: Variant[];
  insertStock: StockItem[];
  insertMovements: StockMovement[];
  stockTargets: StockTarget[];
};

type Context = { now: Date; importId?: ImportId };

const unlessUndefined = <T>(given: T | undefined, kept: T): T => (given === undefined ? kept : given);
const equals = (a: unknown, b: unknown): boolean => a === b || isDeepStrictEqual(a, b);

/** True where `next` says something else in a column that people can see. */
function differs<T extends object>(next: T, stored: T): boolean {
  return (Object.keys(next) as (keyof T)[]).some((key) => key !== "updatedAt" && !equals(next[key], stored[key]));
}

function planRow(stored: StoredProduct | undefined, input: ProductInput, { now }: Context): Product {
  const title = input.title ?? stored?.title;
  if (title === undefined) throw new ProductIncompleteError(input.handle, "title");
  return {
    id: stored?.id ?? newId("product"),
    handle: input.handle,
    title,
    description: unlessUndefined(input.description, stored?.description ?? ""),
    vendor: unlessUndefined(input.vendor, stored?.vendor ?? null),
    productType: unlessUndefined(input.productType, stored?.productType ?? null),
    tags: unlessUndefined(input.tags, stored?.tags ?? []),
    status: unlessUndefined(input.status, stored?.status ?? "active"),
    createdAt: stored?.createdAt ?? now,
    updatedAt: now,
  };
}

/** Where the input names all that is stored its order wins; else what is new goes to the end. */
function merge<Stored, Given>(
  stored: readonly Stored[],
  given: readonly Given[],
  keyOfStored: (item: Stored) => string,
  keyOfGiven: (item: Given) => string,
): { stored?: Stored; given?: Given }[] {
  if (stored.length === 0 && given.length === 1) return [{ given: given[0] }];
  const storedByKey = new Map(stored.map((item) => [keyOfStored(item), item]));
  const givenByKey = new Map(given.map((item) => [keyOfGiven(item), item]));
  const namesAll = stored.every((item) => givenByKey.has(keyOfStored(item)));
  const keys = new Set(namesAll ? givenByKey.keys() : [...storedByKey.keys(), ...givenByKey.keys()]);
  return [...keys].map((key) => ({ stored: storedByKey.get(key), given: givenByKey.get(key) }));
}

const identity = ({ optionValues }: { optionValues: string[] }): string => JSON.stringify(optionValues);

function planVariant(
  productId: string,
  position: number,
  given: VariantInput,
  stored: Variant | undefined,
  { now }: Context,
): Variant {
  return {
    id: stored?.id ?? newId("variant"),
    productId,
    position,
    title: given.optionValues.join(" / "),
    optionValues: given.optionValues,
    sku: unlessUndefined(given.sku, stored?.sku ?? null),
    barcode: unlessUndefined(given.barcode, stored?.barcode ?? null),
    priceAmount: given.priceAmount,
    priceCurrency: given.currency,
    compareAtAmount: unlessUndefined(given.compareAtAmount, stored?.compareAtAmount ?? null),
    weightGrams: unlessUndefined(given.weightGrams, stored?.weightGrams ?? null),
    createdAt: stored?.createdAt ?? now,
    updatedAt: now,
  };
}

function planVariants(plan: ProductPlan, stored: StoredProduct | undefined, input: ProductInput, context: Context) {
  const variants = merge(stored?.variants ?? [], input.variants, identity, identity);
  for (const [position, { stored: was, given }] of variants.entries()) {
    if (!given) continue;
    const { stock, ...row } = was ?? { stock: null };
    const before = was ? (row as Variant) : undefined;
    const next = planVariant(plan.productId, position, given, before, context);
    if (!before) plan.insertVariants.push(next);
    else if (differs(next, before)) plan.updateVariants.push(next);
    planStock(plan, next, given, stock, context);
  }
}

function planStock(
  plan: ProductPlan,
  variant: Variant,
  given: VariantInput,
  stored: StockItem | null,
  { now, importId }: Context,
) {
  const tracked = given.tracked ?? stored?.tracked ?? true;
  const onHand = given.onHand ?? stored?.onHand ?? 0;
  if (stored) {
    if (tracked === stored.tracked && onHand === stored.onHand) return;
    plan.stockTargets.push({ variantId: variant.id, optionValues: variant.optionValues, tracked, onHand });
    return;
  }
  plan.insertStock.push({ variantId: variant.id, tracked, onHand, reserved: 0 });
  if (onHand > 0) plan.insertMovements.push(movement(variant.id, "received", onHand, { now, importId }));
}

/** A row of the stock ledger; `quantity` is signed for `adjusted` and positive otherwise. */
export function movement(
  variantId: string,
  kind: "received" | "adjusted",
  quantity: number,
  { now, importId }: Context,
): StockMovement {
  return {
    id: newId("movement"),
    variantId,
    kind,
    quantity,
    orderId: null,
    importId: importId ?? null,
    createdAt: now,
  };
}

/** The values of each option: those that were there, then the new ones in the order of the variants. */
function planOptions(plan: ProductPlan, stored: StoredProduct | undefined, input: ProductInput) {
  const names = input.options ?? stored?.options.map((option) => option.name) ?? [];
  const countBefore = stored && stored.variants.length > 0 ? stored.options.length : undefined;
  const isOtherCount = countBefore !== undefined && countBefore !== names.length;
  if (isOtherCount || input.variants.some((variant) => variant.optionValues.length !== names.length))
    throw new ProductHasOtherOptionsError(input.handle, stored?.options.map((option) => option.name) ?? names);
  const options = names.map((name, position) => ({
    id: newId("option"),
    productId: plan.productId as string,
    position,
    name,
    values: [
      ...new Set([
        ...(stored?.options[position]?.values ?? []),
        ...input.variants.map((variant) => variant.optionValues[position] as string),
      ]),
    ],
  }));
  if (!haveSameValues(options, stored?.options ?? [])) plan.replaceOptions = options;
}

function haveSameValues(options: readonly ProductOption[], stored: readonly ProductOption[]): boolean {
  const isSame = ({ name, values }: ProductOption, index: number) =>
    name === stored[index]?.name && equals(values, stored[index]?.values);
  return options.length === stored.length && options.every(isSame);
}

function planImages(plan: ProductPlan, stored: StoredProduct | undefined, images: readonly ImageInput[]) {
  const url = (image: { url: string }) => image.url;
  const merged = merge(stored?.images ?? [], images, url, url).map(({ stored: was, given }, position) => ({
    id: was?.id ?? newId("image"),
    productId: plan.productId as string,
    position,
    url: (given ?? was)?.url as string,
    alt: (given ?? was)?.alt ?? "",
  }));
  if (images.length > 0 && !equals(merged, stored?.images ?? [])) plan.replaceImages = merged;
}

/**
 * What has to be written so that the stored product is as the input says. Pure; reads nothing, writes nothing.
 *
 * @throws ProductIncompleteError for a new product without title or variant.
 * @throws ProductHasOtherOptionsError where stored and given variants could not be told apart.
 */
export function planProduct(stored: StoredProduct | undefined, input: ProductInput, context: Context): ProductPlan {
  const row = planRow(stored, input, context);
  if (!stored && input.variants.length === 0) throw new ProductIncompleteError(input.handle, "variant");
  const plan: ProductPlan = {
    productId: row.id as ProductId,
    isNew: stored === undefined,
    insertVariants: [],
    updateVariants: [],
    insertStock: [],
    insertMovements: [],
    stockTargets: [],
  };
  planOptions(plan, stored, input);
  planVariants(plan, stored, input, context);
  planImages(plan, stored, input.images);
  if (!stored) plan.insertProduct = row;
  else {
    const { options, variants, images, ...before } = stored;
    // Whatever of it is replaced, it was changed now.
    if (differs(row, before) || plan.replaceOptions || plan.replaceImages) plan.updateProduct = row;
  }
  return plan;
}
