"use client";

import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent } from "react";

/** Stripe's message takes seconds; after this long the shopper may want to pay (again) or to write to us. */
const patienceMs = 2 * 60_000;

/**
 * Shown while a shopper who came back from Stripe's page waits for its message. The link leads to the order as it
 * stands, with its way to pay; after two minutes the page goes there by itself.
 */
export function PaymentCheck({ orderHref }: { orderHref: string }) {
  const router = useRouter();
  const stopWaiting = useEffectEvent(() => router.replace(orderHref, { scroll: false }));
  useEffect(() => {
    const timer = setTimeout(() => stopWaiting(), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p className="mt-4 text-sm">
      Not paid yet, or waiting for more than two minutes?{" "}
      {/* Not a <Link>: without JavaScript too, it is a new look at the order. */}
      <a href={orderHref} className="underline underline-offset-4">
        See how the order stands
      </a>
      .
    </p>
  );
}
