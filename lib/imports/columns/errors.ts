import { DomainError } from "@/lib/errors";

/** What was said of the columns of a file cannot be. `field` is the one of the form. */
export class ColumnsRefusedError extends DomainError {
  readonly field: string;

  constructor(publicMessage: string, field: string) {
    super({ code: "import-columns-refused", kind: "invalid", publicMessage });
    this.field = field;
  }
}
