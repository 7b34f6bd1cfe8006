import type { Actor } from "@/lib/accounts/actor";
import { registerCustomer } from "@/lib/accounts/register-customer";
import { RegisterInput, SignInInput } from "@/lib/accounts/schema";
import { signIn } from "@/lib/accounts/sign-in";
import { chooseDefaultCard } from "@/lib/cards/choose-default-card";
import { removeCard } from "@/lib/cards/remove-card";
import { CardInput } from "@/lib/cards/schema";
import type { CartId } from "@/lib/ids";
import { placeOrder } from "@/lib/orders/place-order";
import { PlaceOrderInput } from "@/lib/orders/schema";
import { call } from "./call";

/** Where the store takes a request of somebody who has an account, or says so: as `shopperEdges`. */
export const accountEdges = {
  /** Tries are counted by the minute, hence the time. */
  register: (input: unknown, now: Date) =>
    call(RegisterInput, input, ({ next: _, ...asked }) => registerCustomer({ ...asked, now })),
  signIn: (input: unknown, now: Date) =>
    call(SignInInput, input, ({ next: _, ...asked }) => signIn({ ...asked, headers: new Headers(), now })),
  placeOrder: (actor: Actor, cartId: CartId | undefined, input: unknown) =>
    call(PlaceOrderInput, input, (asked) => {
      const customer = actor.kind === "customer" ? { customer: actor } : {};
      return placeOrder({ cartId, input: asked, ...customer, now: new Date() });
    }),
  removeCard: (actor: Actor, input: unknown) => call(CardInput, input, (asked) => removeCard({ actor, ...asked })),
  chooseDefaultCard: (actor: Actor, input: unknown) =>
    call(CardInput, input, (asked) => chooseDefaultCard({ actor, ...asked })),
};
