/** What became of a comparison: mended here or at Stripe, newly raised to a person, or not to be done now. */
export type Compared = { repaired: number; raised: number; failed: number };
