import { DomainError } from "@/lib/errors";

/** An address that nothing is fetched from: no connection was made. The message says what is wrong with it. */
export class AddressRefusedError extends DomainError {
  constructor(publicMessage: string, cause?: unknown) {
    super({ code: "download-address-refused", kind: "invalid", publicMessage, cause });
  }
}

/** The server gave something that cannot be used, and would give it again. */
export class DownloadRefusedError extends DomainError {
  constructor(publicMessage: string, cause?: unknown) {
    super({ code: "download-refused", kind: "invalid", publicMessage, cause });
  }
}
