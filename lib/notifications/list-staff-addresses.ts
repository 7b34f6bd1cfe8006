import { db } from "@/lib/db/client";

/** Resend takes so many addresses in one mail. */
const recipientsMax = 50;

/** Where mails to staff go; empty in a store that has nobody to tell. */
export async function listStaffAddresses(): Promise<string[]> {
  const staff = await db().user.findMany({
    where: { role: { in: ["owner", "staff"] } },
    orderBy: { createdAt: "asc" },
    take: recipientsMax,
  });
  return staff.map(({ email }) => email);
}
