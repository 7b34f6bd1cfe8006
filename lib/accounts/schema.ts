import { z } from "zod";
import { filledLine } from "@/lib/text-input";

/** Addresses are compared in lower case everywhere. */
export const EmailInput = z
  .string("Enter an e-mail address, such as ada@example.com.")
  .trim()
  .toLowerCase()
  .max(254, "That e-mail address is too long.")
  .pipe(z.email("Enter an e-mail address, such as ada@example.com."));

/** Where a shopper wanted to go who had to sign in first. */
const next = z.enum(["checkout"]).optional().catch(undefined);

const newPassword = z
  .string("Choose a password of at least 8 characters.")
  .min(8, "Choose a password of at least 8 characters.")
  .max(128, "Passwords have at most 128 characters.");

export const SignInInput = z.object({
  next,
  email: EmailInput,
  password: z
    .string("Enter your password.")
    .min(1, "Enter your password.")
    .max(128, "Passwords have at most 128 characters."),
});

export const RegisterInput = z.object({
  next,
  name: filledLine("Enter your name."),
  email: EmailInput,
  password: newPassword,
});

export const ForgotPasswordInput = z.object({ email: EmailInput });

/** `token`: what the mailed link carries; whatever is none opens nothing, and the use case says so. */
export const ResetPasswordInput = z.object({ token: z.string().max(200).catch(""), password: newPassword });
