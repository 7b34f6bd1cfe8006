import { answerToError } from "@/app/_server/answer-to-error";
import { relayAfterResponse } from "@/app/_server/relay-after-response";
import { SignatureError } from "@/lib/payments/errors";
import { verifyStripeEvent } from "@/lib/payments/verify-stripe-event";
import { receiveStripeEvent } from "@/lib/webhooks/receive-stripe-event";

/** Far above any event of Stripe's; whoever sends more is somebody else. */
const bodyBytesMax = 1_000_000;

/**
 * Where Stripe tells us what happened. The signature is checked over the bytes as they came, before any table is
 * touched; then the event is kept and answered, and a task does the work if there is any. Who is told 503 sends it again.
 */
export async function POST(request: Request): Promise<Response> {
  const rawBody = await readBody(request);
  if (rawBody === null) return Response.json({ error: "The body is too large." }, { status: 413 });
  try {
    const event = verifyStripeEvent(rawBody, request.headers.get("stripe-signature"));
    const { isNew } = await relayAfterResponse(() => receiveStripeEvent(event));
    return Response.json({ received: true, duplicate: !isNew });
  } catch (error) {
    if (error instanceof SignatureError) return Response.json({ error: error.publicMessage }, { status: 400 });
    return answerToError(error);
  }
}

/** The body as it came, or null as soon as it is too large. */
async function readBody(request: Request): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > bodyBytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
