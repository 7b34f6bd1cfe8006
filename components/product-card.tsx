import Link from "next/link";
import type { ProductSummary } from "@/lib/catalog/list-products";
import { routes } from "@/lib/routes";
import { Price } from "./price";
import { ProductImage } from "./product-image";

/** A product on the shelf. The title is the link; the whole card can be clicked. */
export function ProductCard({ product }: { product: ProductSummary }) {
  return (
    <article className="group relative flex h-full flex-col">
      <ProductImage title={product.title} image={product.image} />
      <div className="flex flex-1 flex-col gap-1 border-t border-line px-3 py-3">
        <p className="label">{product.productType ?? " "}</p>
        <h2 className="leading-snug font-semibold">
          <Link
            href={routes.product(product.handle)}
            className="after:absolute after:inset-0 group-hover:text-signal focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-signal"
          >
            {product.title}
          </Link>
        </h2>
        <p className="mt-auto flex flex-wrap items-baseline justify-between gap-x-3 pt-1 text-sm">
          <span>
            {product.pricesVary && <span className="text-soft">from </span>}
            <Price value={product.priceFrom} />
          </span>
          {product.soldOut && <span className="text-soft">Sold out</span>}
        </p>
      </div>
    </article>
  );
}
