import { z } from "zod";
import { idSchema } from "@/lib/ids";

export const quantityMax = 999;

const quantityMessage = `The quantity must be a whole number from 1 to ${quantityMax}.`;

/** A quantity as a form (text) or a program (number) sends it. Nothing but a whole number from 1 to 999 passes. */
export const Quantity = z
  .union(
    [
      z.number(),
      z
        .string()
        .trim()
        .regex(/^\d{1,15}$/)
        .transform(Number),
    ],
    quantityMessage,
  )
  .pipe(z.int(quantityMessage).min(1, quantityMessage).max(quantityMax, quantityMessage));

const variantId = idSchema("variant");

/** There is no price in it: prices are the store's and never the client's. Unknown fields are dropped. */
export const AddToCartInput = z.object({ variantId, quantity: Quantity });
export const SetCartLineInput = z.object({ variantId, quantity: Quantity });
export const RemoveCartLineInput = z.object({ variantId });
