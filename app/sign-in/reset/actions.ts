"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { action } from "@/app/_server/action";
import { homeOf } from "@/app/_server/home-of";
import { setCookies } from "@/app/_server/set-cookies";
import { resetPassword } from "@/lib/accounts/reset-password";
import { ResetPasswordInput } from "@/lib/accounts/schema";
import { signIn } from "@/lib/accounts/sign-in";

/** Sets the password of whoever has the link, who is signed in from then on. */
export const resetPasswordAction = action(ResetPasswordInput, async ({ token, password }) => {
  const now = new Date();
  const { email } = await resetPassword({ token, password, now });
  const answer = await signIn({ email, password, headers: await headers(), now });
  await setCookies(answer.setCookies);
  redirect(await homeOf(answer.setCookies));
});
