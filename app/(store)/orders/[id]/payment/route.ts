import { notFound } from "next/navigation";
import { paymentAddress } from "@/app/_server/payment-address";
import { route } from "@/app/_server/route";
import { env } from "@/lib/env";
import { OrderAccessInput } from "@/lib/orders/schema";

/** Sends the shopper (303) to Stripe's page for an order that is not paid yet. */
export const GET = route<{ id: string }>(async (request, { params }) => {
  const asked = OrderAccessInput.safeParse({ orderId: params.id, token: request.nextUrl.searchParams.get("token") });
  if (!asked.success) notFound();
  const { orderId, token } = asked.data;
  const address = new URL(await paymentAddress({ orderId, accessToken: token }), env().STORE_URL);
  return new Response(null, { status: 303, headers: { location: address.href, "cache-control": "no-store" } });
});
