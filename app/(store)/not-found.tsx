import Link from "next/link";
import { StatusLight } from "@/components/status-light";
import { routes } from "@/lib/routes";

export default function StoreNotFound() {
  return (
    <div className="flex max-w-xl flex-col items-start gap-4 py-10">
      <StatusLight tone="waiting" large />
      <h1 className="text-3xl font-bold tracking-tight">There is nothing at this address.</h1>
      <p className="text-soft">
        The product may have left the store, or the link is not complete. For an order, use the link in the mail we sent
        you.
      </p>
      <Link href={routes.home()} className="button">
        See what is on the shelf
      </Link>
    </div>
  );
}
