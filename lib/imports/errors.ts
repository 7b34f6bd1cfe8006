import { DomainError } from "@/lib/errors";
import type { ImportId } from "@/lib/ids";
import { tooLateToUndo } from "./undo/undo-days";

export class ImportNotFoundError extends DomainError {
  constructor(id: ImportId) {
    super({
      code: "import-not-found",
      kind: "not-found",
      publicMessage: "There is no such import.",
      message: `No import ${id}.`,
    });
  }
}

/** What was asked for is not possible in the state that the import is in. */
export class ImportStateError extends DomainError {
  constructor(id: ImportId, status: string, wanted: string) {
    super({
      code: "import-state",
      kind: "conflict",
      publicMessage: `This import is ${status}, so it cannot be ${wanted}.`,
      message: `Import ${id} is ${status} and cannot be ${wanted}.`,
    });
  }
}

/** The file under this address is being read in another way than was asked for now. */
export class AddressUnderWayError extends DomainError {
  constructor({ currency, isDryRun }: { currency: string; isDryRun: boolean }) {
    const what = isDryRun ? "a dry run" : "an import";
    super({
      code: "import-address-under-way",
      kind: "conflict",
      publicMessage: `There is ${what} of this address under way, with prices in ${currency}. Wait for its end or stop it.`,
    });
  }
}

/** There is nothing to try again. */
export class NothingToRetryError extends DomainError {
  constructor(id: ImportId) {
    super({
      code: "import-nothing-to-retry",
      kind: "conflict",
      publicMessage: "No row that this import refused can be tried again as it is.",
      message: `Import ${id} has no refused rows that stand alone.`,
    });
  }
}

/** There is nothing to put back. */
export class NothingToUndoError extends DomainError {
  constructor(id: ImportId) {
    super({
      code: "import-nothing-to-undo",
      kind: "conflict",
      publicMessage: "This import changed nothing that could be put back.",
      message: `Import ${id} has no changes to undo.`,
    });
  }
}

/** What would have to be put back is not known any more. */
export class TooLateToUndoError extends DomainError {
  constructor(id: ImportId) {
    super({
      code: "import-too-late-to-undo",
      kind: "conflict",
      publicMessage: tooLateToUndo,
      message: `The changes of import ${id} have been forgotten.`,
    });
  }
}

/** The file cannot be read at all, or not from some row on; trying again would not help. The message says what to do. */
export class UnreadableFileError extends DomainError {
  constructor(publicMessage: string, cause?: unknown) {
    super({ code: "import-unreadable-file", kind: "invalid", publicMessage, cause });
  }
}
