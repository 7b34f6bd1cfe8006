import type { StoredLabel } from "./store";

/** The errors this carrier answers with. */
const statuses = {
  unauthorized: 401,
  not_found: 404,
  reference_in_use: 409,
  label_void: 409,
  invalid_address: 422,
  invalid_request: 422,
  rate_limited: 429,
  internal_error: 500,
  unavailable: 503,
} as const;

export type CarrierErrorCode = keyof typeof statuses;

/** A refusal in the carrier's own terms. */
export class CarrierError extends Error {
  readonly code: CarrierErrorCode;
  readonly status: (typeof statuses)[CarrierErrorCode];
  /** For `rate_limited`: how long to wait. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: CarrierErrorCode, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = "CarrierError";
    this.code = code;
    this.status = statuses[code];
    this.retryAfterSeconds = retryAfterSeconds;
  }

  toJSON() {
    return { error: { code: this.code, message: this.message } };
  }
}

/** A label as the API shows it. */
export function toLabel(label: StoredLabel) {
  return {
    reference: label.reference,
    carrier: label.carrier,
    trackingNumber: label.trackingNumber,
    status: label.voidedAt === null ? "bought" : "void",
    weightGrams: label.parcel.weightGrams,
    createdAt: label.createdAt,
    pdf: `/v1/labels/${encodeURIComponent(label.reference)}/pdf`,
  };
}
