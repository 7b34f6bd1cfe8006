"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { action } from "@/app/_server/action";
import { setCookies } from "@/app/_server/set-cookies";
import { registerCustomer } from "@/lib/accounts/register-customer";
import { RegisterInput } from "@/lib/accounts/schema";
import { signIn } from "@/lib/accounts/sign-in";
import { routes } from "@/lib/routes";

/** Makes an account for a shopper, who is signed in from then on. */
export const registerAction = action(RegisterInput, async ({ next, ...input }) => {
  const now = new Date();
  await registerCustomer({ ...input, now });
  const answer = await signIn({ ...input, headers: await headers(), now });
  await setCookies(answer.setCookies);
  redirect(next === "checkout" ? routes.checkout() : routes.account());
});
