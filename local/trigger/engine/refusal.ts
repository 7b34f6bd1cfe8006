/** A request that can not be done, with the status and sentence the client gets. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 500 | 501;
  readonly code: string | undefined;

  constructor(status: Refusal["status"], message: string, code?: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
