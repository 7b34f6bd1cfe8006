import { hashPassword } from "better-auth/crypto";
import { transaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { credentialAccount } from "./credential-account";
import { CustomerEmailError } from "./errors";

/**
 * Makes somebody who can sign in to the admin and returns the user's id. Asking again for the same e-mail changes
 * nothing: a password that was changed since stays.
 *
 * @throws CustomerEmailError
 */
export async function createStaffUser({
  email,
  password,
  role,
  name,
}: {
  email: string;
  password: string;
  role: "owner" | "staff";
  name: string;
}): Promise<string> {
  const address = email.trim().toLowerCase();
  const hash = await hashPassword(password);
  return transaction(async (tx) => {
    const id = newId("user");
    await tx.user.createMany({
      data: [{ id, name, email: address, emailVerified: true, role }],
      skipDuplicates: true,
    });
    const user = await tx.user.findUniqueOrThrow({ where: { email: address } });
    if (user.role === "customer") throw new CustomerEmailError(address);
    if (user.id !== id) return user.id;
    await tx.account.create({ data: credentialAccount({ userId: id, hash }) });
    return id;
  });
}
