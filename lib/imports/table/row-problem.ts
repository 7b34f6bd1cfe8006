import type { RowNote } from "../candidate";

/** Why a row, or the product it begins, cannot be taken. Never leaves the reader: it becomes a note. */
export class RowProblem extends Error {
  readonly field: string | undefined;

  constructor(field: string | undefined, reason: string) {
    super(reason);
    this.name = "RowProblem";
    this.field = field;
  }

  note(rowNumber: number): RowNote {
    return { rowNumber, severity: "refused", field: this.field, reason: this.message };
  }
}
