import { createHmac } from "node:crypto";

/** The `Stripe-Signature` header over a body sent now (https://docs.stripe.com/webhooks#verify-manually). */
export function signatureHeader(body: string, secret: string, nowMs: number): string {
  const timestamp = Math.floor(nowMs / 1000);
  const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  return `t=${timestamp},v1=${signature}`;
}
