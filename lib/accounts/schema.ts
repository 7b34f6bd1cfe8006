import { z } from "zod";

/** Addresses are compared in lower case everywhere. */
export const EmailInput = z
  .string("Enter an e-mail address, such as ada@example.com.")
  .trim()
  .toLowerCase()
  .max(254, "That e-mail address is too long.")
  .pipe(z.email("Enter an e-mail address, such as ada@example.com."));

export const SignInInput = z.object({
  email: EmailInput,
  password: z
    .string("Enter your password.")
    .min(1, "Enter your password.")
    .max(128, "Passwords have at most 128 characters."),
});
