import Link from "next/link";
import { StatusLight } from "@/components/status-light";
import { routes } from "@/lib/routes";

export default function NotFound() {
  return (
    <main
      id="content"
      className="mx-auto flex w-full max-w-xl flex-1 flex-col items-start justify-center gap-4 px-4 py-16"
    >
      <StatusLight tone="waiting" large />
      <h1 className="text-3xl font-bold tracking-tight">There is nothing at this address.</h1>
      <p className="text-soft">
        The product may have left the store, or the link is not complete. For an order, use the link in the mail we sent
        you.
      </p>
      <Link href={routes.home()} className="button">
        See what is on the shelf
      </Link>
    </main>
  );
}
