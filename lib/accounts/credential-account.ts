import { randomUUID } from "node:crypto";

/** The row of a new account's password. better-auth finds it under this provider, with the user's id as the account's. */
export function credentialAccount({ userId, hash }: { userId: string; hash: string }) {
  return { id: randomUUID(), userId, accountId: userId, providerId: "credential", password: hash };
}
