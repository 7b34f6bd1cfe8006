import { randomUUID } from "node:crypto";
import { hashPassword } from "better-auth/crypto";
import type { z } from "zod";
import { transaction } from "@/lib/db/transaction";
import { newId, type UserId } from "@/lib/ids";
import { EmailTakenError } from "./errors";
import type { RegisterInput } from "./schema";
import { countSignInAttempt } from "./sign-in-attempts";

/**
 * Makes an account for a shopper. One e-mail has one account, whoever asks at once.
 *
 * @throws EmailTakenError, TooManyAttemptsError after ten tries within five minutes
 */
export async function registerCustomer({
  email,
  name,
  password,
  now,
}: Omit<z.output<typeof RegisterInput>, "next"> & { now: Date }): Promise<UserId> {
  await countSignInAttempt({ email, now });
  const hash = await hashPassword(password);
  return transaction(async (tx) => {
    const id = newId("user");
    const made = await tx.user.createMany({ data: [{ id, name, email, role: "customer" }], skipDuplicates: true });
    if (made.count === 0) throw new EmailTakenError();
    await tx.account.create({
      // better-auth finds a password under this provider, with the user's id as the account's.
      data: { id: randomUUID(), userId: id, accountId: id, providerId: "credential", password: hash },
    });
    return id;
  });
}
