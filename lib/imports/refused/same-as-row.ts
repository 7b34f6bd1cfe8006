import type { Prisma } from "@/lib/db/generated/client";

const [start, end] = ["Row ", " has the same option values already."];

/** Why the second row of one variant is refused. */
export const sameAsRow = (rowNumber: number): string => `${start}${rowNumber}${end}`;

/** The refused rows that may be read without the rest of their file. A second row of a variant would replace the first. */
export const standAlone = {
  severity: "refused",
  NOT: { reason: { startsWith: start, endsWith: end } },
} satisfies Prisma.ImportRejectWhereInput;
