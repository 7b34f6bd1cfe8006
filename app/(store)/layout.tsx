import Link from "next/link";
import { currentCart } from "@/app/_server/current-cart";
import { recentTerms } from "@/app/_server/store-terms";
import { Wordmark } from "@/components/wordmark";
import { format } from "@/lib/money/money";
import { routes } from "@/lib/routes";

export default async function StoreLayout({ children }: { children: React.ReactNode }) {
  const [{ settings, offer }, { itemCount }] = await Promise.all([recentTerms(), currentCart()]);
  const { name } = settings;
  const { from, freeFrom } = offer;
  return (
    <>
      <header className="border-b-2 border-ink">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-6 gap-y-3 px-4 py-3 sm:px-6">
          <Link href={routes.home()}>
            <Wordmark name={name} />
          </Link>
          <search className="order-last w-full sm:order-none sm:ml-auto sm:w-64">
            <form action={routes.home()}>
              <input
                type="search"
                name="q"
                aria-label="Search the store"
                placeholder="Search"
                className="field field-small"
              />
            </form>
          </search>
          <nav aria-label="Store" className="ml-auto flex items-center gap-5 text-sm font-medium sm:ml-0">
            <Link href={routes.home()} className="hover:text-signal">
              Products
            </Link>
            <Link href={routes.account()} className="hover:text-signal">
              Account
            </Link>
            <Link href={routes.cart()} className="hover:text-signal">
              Cart{" "}
              <span className="figure border border-line-strong px-1.5 py-0.5">
                {itemCount}
                <span className="sr-only"> {itemCount === 1 ? "item" : "items"}</span>
              </span>
            </Link>
          </nav>
        </div>
      </header>
      <main id="content" className="mx-auto w-full max-w-6xl flex-1 px-4 py-8 sm:px-6 sm:py-10">
        {children}
      </main>
      <footer className="mx-auto mt-8 w-full max-w-6xl px-4 pb-8 sm:px-6">
        <dl className="sheet grid-cols-2 text-sm sm:grid-cols-4">
          <div className="px-3 py-2">
            <dt className="label">Store</dt>
            <dd>{name}</dd>
          </div>
          <div className="px-3 py-2">
            <dt className="label">Shipping</dt>
            <dd className="figure">{from === null ? "–" : `from ${format(from)}`}</dd>
          </div>
          <div className="px-3 py-2">
            <dt className="label">Free shipping</dt>
            <dd className="figure">{freeFrom === null ? "–" : `from ${format(freeFrom)}`}</dd>
          </div>
          <div className="px-3 py-2">
            <dt className="label">For staff</dt>
            <dd>
              <Link href={routes.admin()} className="link">
                Admin
              </Link>
            </dd>
          </div>
        </dl>
      </footer>
    </>
  );
}
