import Link from "next/link";
import { firstOf, pageOf, type SearchParams } from "@/app/_server/search-params";
import { Empty } from "@/components/empty";
import { PagesNav } from "@/components/pages-nav";
import { ProductCard } from "@/components/product-card";
import { listProducts } from "@/lib/catalog/list-products";
import { routes } from "@/lib/routes";

export default async function HomePage({ searchParams }: { searchParams: SearchParams }) {
  const { q, page: wanted } = await searchParams;
  const query = firstOf(q).trim();
  const { products, total, page, pageCount } = await listProducts({ page: pageOf(wanted), query });
  const hrefOf = (number: number) =>
    `${routes.home()}?${new URLSearchParams({ ...(query && { q: query }), page: String(number) })}`;

  return (
    <>
      <div className="mb-6 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h1 className="text-2xl font-bold tracking-tight sm:text-3xl">
          {query ? `Products for “${query}”` : "For the bench, the desk and the job"}
        </h1>
        <p className="label">
          {total} {total === 1 ? "product" : "products"}
        </p>
      </div>
      {products.length === 0 ? (
        <Empty title={query ? "Nothing on the shelf matches that." : "There is nothing on the shelf yet."}>
          {query && (
            <Link href={routes.home()} className="link">
              See all products
            </Link>
          )}
        </Empty>
      ) : (
        <ul className="grid grid-cols-2 border-t border-l border-line md:grid-cols-3 lg:grid-cols-4">
          {products.map((product) => (
            <li key={product.handle} className="border-r border-b border-line">
              <ProductCard product={product} />
            </li>
          ))}
        </ul>
      )}
      <PagesNav page={page} pageCount={pageCount} hrefOf={hrefOf} />
    </>
  );
}
