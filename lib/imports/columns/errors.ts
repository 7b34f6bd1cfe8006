import { DomainError } from "@/lib/errors";

/** What was said of the columns of a file cannot be. */
export class ColumnsRefusedError extends DomainError {
  constructor(publicMessage: string) {
    super({ code: "import-columns-refused", kind: "invalid", publicMessage });
  }
}
