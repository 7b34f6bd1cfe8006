import { DomainError } from "@/lib/errors";

export class PastOrderNotFoundError extends DomainError {
  constructor() {
    super({ code: "past-order-not-found", kind: "not-found", publicMessage: "There is no such past order." });
  }
}

/** The rows of one order do not follow each other in its file, so that it was taken for several, or would be. */
export class OrderInPiecesError extends DomainError {
  constructor(number: string, { isWritten }: { isWritten: boolean }) {
    const what = `The rows of order ${number.slice(0, 60)} do not follow each other`;
    super({
      code: "past-order-in-pieces",
      kind: "invalid",
      publicMessage: isWritten
        ? `${what}, so its first rows were taken for all of it. Undo this import, sort the file by order number, and import it again.`
        : `${what}, so its first rows would be taken for all of it. Sort the file by order number.`,
    });
  }
}
