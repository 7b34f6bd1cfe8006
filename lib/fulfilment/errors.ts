import { DomainError } from "@/lib/errors";

/** The carrier does not take this parcel as it is: its address, or something else about it. `reason` is the carrier's sentence. */
export class ParcelRefusedError extends DomainError {
  readonly reason: string;

  constructor(reason: string) {
    super({
      code: "parcel-refused",
      kind: "conflict",
      publicMessage: "The carrier does not take this parcel. Correct its address and try again.",
      message: `The carrier refused the parcel: ${reason}`,
    });
    this.reason = reason;
  }
}

/** The carrier does not take our key: a person has to mend the settings. */
export class CarrierRefusedError extends DomainError {
  constructor(reason: string) {
    super({
      code: "carrier-refused",
      kind: "conflict",
      publicMessage: "The carrier does not sell us labels just now. Somebody has to look into the settings.",
      message: `The carrier refused: ${reason}`,
    });
  }
}

/** The carrier has no label for this shipment. */
export class LabelNotFoundError extends DomainError {
  constructor(reason: string) {
    super({
      code: "label-not-found",
      kind: "not-found",
      publicMessage: "The carrier has no label for this parcel.",
      message: `The carrier has no such label: ${reason}`,
    });
  }
}
