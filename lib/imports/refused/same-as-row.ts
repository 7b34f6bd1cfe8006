import type { Prisma } from "@/lib/db/generated/client";

const [start, end] = ["Row ", " has the same option values already."];

/** Why the second row of one variant is refused. */
export const sameAsRow = (rowNumber: number): string => `${start}${rowNumber}${end}`;

const oneStock = ": there is one stock here.";

/** Why stock of another place than that of the first row is refused. */
export const ofOtherPlace = (own: string, first: string): string =>
  `The row is of ${own}, and those before it of ${first}${oneStock}`;

/**
 * The refused rows that may be read without the rest of their file. A second row of a variant would replace the first,
 * and stock of a second place that of the first.
 */
export const standAlone = {
  severity: "refused",
  NOT: [{ reason: { startsWith: start, endsWith: end } }, { reason: { endsWith: oneStock } }],
} satisfies Prisma.ImportRejectWhereInput;
