import { hashPassword } from "better-auth/crypto";
import type { z } from "zod";
import { transaction } from "@/lib/db/transaction";
import { newId, type UserId } from "@/lib/ids";
import { countRegistration } from "./count-registration";
import { credentialAccount } from "./credential-account";
import { EmailTakenError } from "./errors";
import type { RegisterInput } from "./schema";
import { countSignInAttempt } from "./sign-in-attempts";

/**
 * Makes an account for a shopper. One e-mail has one account, whoever asks at once. That it is the shopper's own address
 * is not verified, so nothing may be shown or given to an account because of its address.
 *
 * @throws EmailTakenError, TooManyAttemptsError after ten tries with one e-mail within five minutes,
 *   TooManyRegistrationsError after sixty of all within one
 */
export async function registerCustomer({
  email,
  name,
  password,
  now,
}: Omit<z.output<typeof RegisterInput>, "next"> & { now: Date }): Promise<UserId> {
  await countRegistration({ now });
  await countSignInAttempt({ email, now });
  const hash = await hashPassword(password);
  return transaction(async (tx) => {
    const id = newId("user");
    const made = await tx.user.createMany({ data: [{ id, name, email, role: "customer" }], skipDuplicates: true });
    if (made.count === 0) throw new EmailTakenError();
    await tx.account.create({ data: credentialAccount({ userId: id, hash }) });
    return id;
  });
}
