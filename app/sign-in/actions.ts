"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "@/app/_server/action";
import { homeOf } from "@/app/_server/home-of";
import { setCookies } from "@/app/_server/set-cookies";
import { SignInInput } from "@/lib/accounts/schema";
import { signIn, signOut } from "@/lib/accounts/sign-in";
import { routes } from "@/lib/routes";

export const signInAction = action(SignInInput, async ({ next, ...input }) => {
  const answer = await signIn({ ...input, headers: await headers(), now: new Date() });
  await setCookies(answer.setCookies);
  redirect(next === "checkout" ? routes.checkout() : await homeOf(answer.setCookies));
});

const endSession = action(z.looseObject({}), async () => {
  const answer = await signOut({ headers: await headers() });
  await setCookies(answer.setCookies);
  redirect(routes.signIn());
});

/** For the plain form of the sign-out button. */
export async function signOutAction(form: FormData): Promise<void> {
  await endSession(form);
}
