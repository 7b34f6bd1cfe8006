import { createHmac, timingSafeEqual } from "node:crypto";
import { env } from "@/lib/env";
import { idSchema, type PasswordResetId } from "@/lib/ids";

const Id = idSchema("passwordReset");

/**
 * What the link of a reset carries: its id, and 256 bits that only the store's secret makes of it. So a mail that is tried
 * again carries the same link, and neither the database nor the payload of a run holds anything that opens it.
 */
export function resetToken(id: PasswordResetId): string {
  // The secret signs sessions, too: what is signed here is nothing that is signed there.
  const proof = createHmac("sha256", env().BETTER_AUTH_SECRET).update(`password-reset:${id}`).digest("base64url");
  return `${id}.${proof}`;
}

/** The reset that a token of the store's belongs to; null for whatever the store did not make. */
export function readResetToken(token: string): PasswordResetId | null {
  const id = Id.safeParse(token.split(".")[0]);
  if (!id.success) return null;
  const [wanted, given] = [Buffer.from(resetToken(id.data)), Buffer.from(token)];
  return wanted.length === given.length && timingSafeEqual(wanted, given) ? id.data : null;
}
