import { registerCustomer } from "@/lib/accounts/register-customer";
import { requestPasswordReset } from "@/lib/accounts/request-password-reset";
import { resetToken } from "@/lib/accounts/reset-token";
import { signIn } from "@/lib/accounts/sign-in";
import { db } from "@/lib/db/client";
import { newId, type UserId } from "@/lib/ids";

export const now = new Date("2026-11-23T10:00:00Z");
export const minutesLater = (count: number) => new Date(now.getTime() + count * 60_000);
export const oldPassword = "analytical engine";

/** A shopper with an account of their own making. */
export function registered(email: string): Promise<UserId> {
  return registerCustomer({ email, name: "Ada Lovelace", password: oldPassword, now });
}

/** A customer who was brought along from another shop: an account without a password. */
export async function broughtAlong(email: string): Promise<UserId> {
  const id = newId("user");
  await db().user.create({ data: { id, email, name: "Charles Babbage", role: "customer" } });
  return id;
}

/** What the link carries that this address is mailed. */
export async function mailedToken(email: string, at = now): Promise<string> {
  return resetToken(await requestPasswordReset({ email, now: at }));
}

export function signInWith(email: string, password: string, at = now): Promise<{ setCookies: string[] }> {
  return signIn({ email, password, headers: new Headers(), now: at });
}
