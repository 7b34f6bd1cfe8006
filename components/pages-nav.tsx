import Link from "next/link";

/** Earlier and later pages of a list. `hrefOf` keeps whatever else is chosen. */
export function PagesNav({
  page,
  pageCount,
  hrefOf,
}: {
  page: number;
  pageCount: number;
  hrefOf: (page: number) => string;
}) {
  if (pageCount <= 1) return null;
  return (
    <nav aria-label="Pages" className="mt-6 flex items-center justify-between gap-4 text-sm">
      {page > 1 ? (
        <Link href={hrefOf(page - 1)} className="link" rel="prev">
          Previous page
        </Link>
      ) : (
        <span />
      )}
      <span className="figure text-soft">
        {page} / {pageCount}
      </span>
      {page < pageCount ? (
        <Link href={hrefOf(page + 1)} className="link" rel="next">
          Next page
        </Link>
      ) : (
        <span />
      )}
    </nav>
  );
}
