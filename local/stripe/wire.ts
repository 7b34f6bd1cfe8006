import type Stripe from "stripe";

/** What this server speaks; a client pinned to another version is told so instead of being half understood. */
export const apiVersion = "2026-10-28.endive" satisfies Stripe.WebhookEndpointCreateParams.ApiVersion;

type ErrorType = "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";

export type ErrorFields = {
  type: ErrorType;
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
  charge?: string;
  payment_intent?: Stripe.PaymentIntent;
  payment_method?: Stripe.PaymentMethod;
  setup_intent?: Stripe.SetupIntent;
  doc_url?: string;
};

/**
 * An answer in Stripe's error shape (https://docs.stripe.com/api/errors). What the handler changed before
 * throwing is undone, unless `keepsEffects`: a declined card leaves a failed charge behind.
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly fields: ErrorFields;
  readonly keepsEffects: boolean;

  constructor(status: number, fields: ErrorFields, options: { keepsEffects?: boolean } = {}) {
    super(fields.message);
    this.status = status;
    this.keepsEffects = options.keepsEffects ?? false;
    this.fields = fields.code
      ? { ...fields, doc_url: `https://stripe.com/docs/error-codes/${fields.code.replaceAll("_", "-")}` }
      : fields;
  }
}

/** Refuses a request with 400. */
export function invalidRequest(message: string, fields: Partial<ErrorFields> = {}): ApiError {
  return new ApiError(400, { type: "invalid_request_error", message, ...fields });
}

/** Refuses a request for something that does not exist; Stripe answers 404 when the id is in the path, 400 when in a parameter. */
export function noSuch(kind: string, id: string, options: { param?: string; status?: 400 | 404 } = {}): ApiError {
  return new ApiError(options.status ?? 404, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${kind}: '${id}'`,
    param: options.param ?? "id",
  });
}

/** The body Stripe sends for an error. */
export function errorBody(fields: ErrorFields): { error: ErrorFields } {
  return { error: fields };
}

/** Stripe's own words for "something went wrong on our side". */
export function serverError(): ErrorFields {
  return { type: "api_error", message: "An unknown error occurred. (Sent by the local Stripe on purpose.)" };
}
