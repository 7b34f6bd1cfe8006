import { z } from "zod";
import { effect } from "@/lib/crash-point";
import { env } from "@/lib/env";
import { TemporaryError } from "@/lib/errors";
import { findFailure, isFinal, retryAfterMs } from "@/lib/vendor-failures";
import type { Carrier } from "./carrier";
import { CarrierRefusedError, LabelNotFoundError, ParcelRefusedError } from "./errors";

export type CarrierSettings = { url: string; apiKey: string; timeoutMs?: number };

const LabelAnswer = z.object({ carrier: z.string().min(1), trackingNumber: z.string().min(1) });
const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** The carrier that the settings name. */
export function storeCarrier(): Carrier {
  const { CARRIER_URL, CARRIER_API_KEY } = env();
  return httpCarrier({ url: CARRIER_URL, apiKey: CARRIER_API_KEY });
}

/** A carrier that speaks what local/carrier/README.md describes. */
export function httpCarrier(settings: CarrierSettings): Carrier {
  return {
    async createLabel({ shipmentId, shipTo, weightGrams, contents }) {
      const { name, line1, line2, city, postalCode, country } = shipTo;
      const body = JSON.stringify({ to: { name, line1, line2, city, postalCode, country }, weightGrams, contents });
      const answer = await call(settings, "PUT", labelPath(shipmentId), body);
      return LabelAnswer.parse(JSON.parse(answer.toString("utf8")));
    },

    readLabelPdf: (shipmentId) => call(settings, "GET", `${labelPath(shipmentId)}/pdf`),

    async voidLabel(shipmentId) {
      try {
        await call(settings, "DELETE", labelPath(shipmentId));
      } catch (error) {
        if (!(error instanceof LabelNotFoundError)) throw error;
      }
    },
  };
}

function labelPath(shipmentId: string): string {
  return `/v1/labels/${encodeURIComponent(shipmentId)}`;
}

function call(settings: CarrierSettings, method: string, path: string, body?: string): Promise<Buffer> {
  return effect(`carrier ${method}`, () => send(settings, method, path, body));
}

/** One call, whole: it counts as answered once its body is read. */
async function send(settings: CarrierSettings, method: string, path: string, body?: string): Promise<Buffer> {
  const { url, apiKey, timeoutMs = 20_000 } = settings;
  let response: Response;
  let bytes: Buffer;
  try {
    response = await fetch(url + path, {
      method,
      body,
      headers: { authorization: `Bearer ${apiKey}`, ...(body && { "content-type": "application/json" }) },
      signal: AbortSignal.timeout(timeoutMs),
    });
    bytes = Buffer.from(await response.arrayBuffer());
  } catch (cause) {
    throw failure({ status: undefined, code: "unreachable", reason: reasonOf(cause), retryAfter: null, cause });
  }
  if (response.ok) return bytes;
  throw failure({ status: response.status, ...refusalIn(bytes), retryAfter: response.headers.get("retry-after") });
}

/** What each failure means stands in `lib/vendor-failures.ts`. */
function failure(failed: {
  status: number | undefined;
  code: string;
  reason: string;
  retryAfter: string | null;
  cause?: unknown;
}): Error {
  const { status, code, reason, retryAfter, cause } = failed;
  const { kind, reaction } = findFailure("carrier", { status, code });
  const what = `${status ?? "no answer"} ${code}: ${reason}`;
  if (kind === "declined" || kind === "invalid") return new ParcelRefusedError(reason);
  if (kind === "missing") return new LabelNotFoundError(what);
  if (isFinal(reaction)) return new CarrierRefusedError(what);
  return new TemporaryError({
    vendor: "carrier",
    message: `The carrier did not do its work (${what})`,
    pace: reaction,
    retryAfterMs: retryAfterMs(retryAfter),
    cause,
  });
}

function refusalIn(bytes: Buffer): { code: string; reason: string } {
  try {
    const { code, message } = Refusal.parse(JSON.parse(bytes.toString("utf8"))).error;
    return { code, reason: message };
  } catch {
    return { code: "unknown", reason: "it did not say why" };
  }
}

/** fetch says only "fetch failed"; why is in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
