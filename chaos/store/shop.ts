import { db } from "@/lib/db/client";
import { newId, type VariantId } from "@/lib/ids";

/** The store's settings and one way of shipping, which needs no choosing. */
export async function openShop(): Promise<void> {
  await db().storeSettings.create({
    data: { name: "Shopfloor", currency: "EUR", reportRecipients: ["finance@shopfloor.example"] },
  });
  await db().shippingZone.create({
    data: {
      id: newId("shippingZone"),
      name: "Great Britain",
      position: 1,
      countries: { create: { country: "GB" } },
      rates: {
        create: { id: newId("shippingRate"), position: 1, name: "Standard", amount: 490, currency: "EUR" },
      },
    },
  });
}

/** A product on sale in one way only, with its stock received. */
export async function shelve(title: string, onHand: number, priceAmount = 1_999): Promise<VariantId> {
  const [productId, id] = [newId("product"), newId("variant")];
  await db().product.create({
    data: {
      id: productId,
      handle: productId,
      title,
      variants: {
        create: {
          id,
          position: 1,
          title: "Default",
          optionValues: [],
          priceAmount,
          priceCurrency: "EUR",
          stock: { create: { onHand } },
          movements: { create: { id: newId("movement"), kind: "received", quantity: onHand } },
        },
      },
    },
  });
  return id;
}

export const cards = { succeeds: "4242424242424242", declined: "4000000000000002" };

/** Types a card on Stripe's page; answers the page's status (303: authorised, 402: declined). */
export async function typeCard(url: string, email: string, number: string): Promise<number> {
  const form = { email, number, expiry: "12 / 34", cvc: "123", name: "Ada Lovelace", country: "GB" };
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });
  await answer.arrayBuffer();
  return answer.status;
}

/** What anybody types at the checkout of this shop. */
export const addressOf = (buyer: number) => ({
  email: `buyer-${buyer}@example.com`,
  shipTo: {
    name: `Buyer ${buyer}`,
    line1: "12 St James's Square",
    city: "London",
    postalCode: "SW1Y 4JH",
    country: "GB",
  },
});
