import { z } from "zod";

/** A code as people type it, in any case. */
export const DiscountCode = z
  .string("Enter a discount code.")
  .trim()
  .toUpperCase()
  .min(1, "Enter a discount code.")
  .regex(/^[A-Z0-9][A-Z0-9_-]{0,39}$/, "A discount code has letters, digits and dashes only. Check how it is spelled.");

export const ApplyDiscountInput = z.object({ code: DiscountCode });
export const RemoveDiscountInput = z.object({});
