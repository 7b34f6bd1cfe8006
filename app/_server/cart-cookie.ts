import { cookies } from "next/headers";
import { env } from "@/lib/env";
import { type CartId, idSchema } from "@/lib/ids";

const name = "shopfloor.cart";
const CartIdInput = idSchema("cart");
const thirtyDaysS = 30 * 24 * 60 * 60;

/** The cart of this browser, which a signed-out shopper knows only by this cookie. */
export async function readCartId(): Promise<CartId | undefined> {
  const jar = await cookies();
  return CartIdInput.safeParse(jar.get(name)?.value).data;
}

/** Hands the browser the cart it has. Only actions and route handlers can set cookies. */
export async function rememberCartId(cartId: CartId): Promise<void> {
  const jar = await cookies();
  jar.set(name, cartId, {
    httpOnly: true,
    sameSite: "lax",
    secure: env().STORE_URL.startsWith("https://"),
    path: "/",
    maxAge: thirtyDaysS,
  });
}
