"use client";

import Link from "next/link";
import { routes } from "@/lib/routes";
import { StatusLight } from "./status-light";

/**
 * What a shopper reads at an address that leads nowhere. Its frame is the page's. Every page has it at hand, twice: as
 * the browser's it is a name there instead of all that it draws.
 */
export function NothingHere() {
  return (
    <>
      <StatusLight tone="waiting" large />
      <h1 className="text-3xl font-bold tracking-tight">There is nothing at this address.</h1>
      <p className="text-soft">
        The product may have left the store, or the link is not complete. For an order, use the link in the mail we sent
        you.
      </p>
      <Link href={routes.home()} className="button">
        See what is on the shelf
      </Link>
    </>
  );
}
