"use server";

import { redirect } from "next/navigation";
import { action } from "@/app/_server/action";
import { requestPasswordReset } from "@/lib/accounts/request-password-reset";
import { ForgotPasswordInput } from "@/lib/accounts/schema";
import { routes } from "@/lib/routes";

/** Has a link mailed that sets a password. Leads to the same answer for every address. */
export const forgotPasswordAction = action(ForgotPasswordInput, async ({ email }) => {
  await requestPasswordReset({ email, now: new Date() });
  redirect(routes.forgotPasswordSent());
});
