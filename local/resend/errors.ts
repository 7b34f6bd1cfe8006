import type { ErrorResponse } from "resend";

/** The errors this server can answer with. https://resend.com/docs/api-reference/errors */
const statuses = {
  invalid_idempotency_key: 400,
  invalid_parameter: 422,
  invalid_attachment: 422,
  missing_required_field: 422,
  validation_error: 422,
  missing_api_key: 401,
  invalid_api_key: 403,
  not_found: 404,
  invalid_idempotent_request: 409,
  concurrent_idempotent_requests: 409,
  rate_limit_exceeded: 429,
  application_error: 500,
  internal_server_error: 500,
} as const satisfies Partial<Record<ErrorResponse["name"], number>>;

export type ResendErrorName = keyof typeof statuses;

/** A refusal in Resend's own terms. */
export class ResendError extends Error {
  readonly code: ResendErrorName;
  readonly status: number;

  constructor(code: ResendErrorName, message: string, status: number = statuses[code]) {
    super(message);
    this.name = "ResendError";
    this.code = code;
    this.status = status;
  }

  toJSON(): ErrorResponse {
    return { statusCode: this.status, name: this.code, message: this.message };
  }
}
