import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { Description } from "@/components/description";
import { Price } from "@/components/price";
import { ProductImage } from "@/components/product-image";
import { isSoldOut, stockStatement } from "@/lib/catalog/availability";
import { plainDescription } from "@/lib/catalog/description";
import { findProduct, type ProductDetails } from "@/lib/catalog/find-product";
import { compare, format } from "@/lib/money/money";
import { AddToCartForm } from "./_components/add-to-cart-form";

type Props = { params: Promise<{ handle: string }> };

const getProduct = cache(async (params: Props["params"]): Promise<ProductDetails> => {
  const { handle } = await params;
  const product = await findProduct(decoded(handle));
  return product ?? notFound();
});

/** Next hands over the path as it was sent; what is no valid encoding is no handle either. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return notFound();
  }
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const product = await getProduct(params);
  return { title: product.title, description: plainDescription(product.description, 155) };
}

export default async function ProductPage({ params }: Props) {
  const product = await getProduct(params);
  const { variants, title, vendor, productType, optionNames } = product;
  const [lowest] = variants.map(({ price }) => price).sort(compareLoosely);
  const pricesVary = variants.some(({ price }) => price.amount !== lowest?.amount);
  const only = variants.length === 1 ? variants[0] : undefined;

  return (
    <div className="grid gap-8 lg:grid-cols-[7fr_5fr] lg:gap-12">
      <div>
        <div className="border border-line">
          <ProductImage title={title} image={product.image} />
        </div>
        <dl className="sheet mt-[-1px] grid-cols-2 text-sm sm:grid-cols-3">
          <Cell label="Maker">{vendor ?? "–"}</Cell>
          <Cell label="Type">{productType || "–"}</Cell>
          <Cell label="Item no." wide>
            <span className="figure">{only ? (only.sku ?? "–") : `${variants.length} variants`}</span>
          </Cell>
        </dl>
      </div>
      <div>
        <h1 className="text-3xl font-bold tracking-tight">{title}</h1>
        <p className="mt-3 flex flex-wrap items-baseline gap-x-3 text-xl">
          {lowest && (
            <span>
              {pricesVary && <span className="text-base text-soft">from </span>}
              <Price value={lowest} />
            </span>
          )}
          {only?.compareAt && (
            <s className="text-base text-soft">
              <span className="sr-only">Before: </span>
              <Price value={only.compareAt} />
            </s>
          )}
        </p>
        <div className="mt-6">
          <AddToCartForm
            legend={optionNames.join(" / ")}
            choices={variants.map((variant) => ({
              id: variant.id,
              title: variant.title,
              sku: variant.sku,
              price: format(variant.price),
              stock: stockStatement(variant.available),
              soldOut: isSoldOut(variant.available),
            }))}
          />
        </div>
        {product.description.length > 0 && (
          <section
            aria-label="Description"
            className="mt-8 max-w-prose space-y-3 border-t border-line pt-6 leading-relaxed"
          >
            <Description blocks={product.description} />
          </section>
        )}
      </div>
    </div>
  );
}

/** Variants in two currencies cannot be ordered by price: they stay as they are. */
function compareLoosely(a: ProductDetails["variants"][number]["price"], b: typeof a): number {
  return a.currency === b.currency ? compare(a, b) : 0;
}

function Cell({ label, wide = false, children }: { label: string; wide?: boolean; children: React.ReactNode }) {
  return (
    <div className={`px-3 py-2 ${wide ? "col-span-2 sm:col-span-1" : ""}`}>
      <dt className="label">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
