import { randomInt } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { openJournal } from "../journal";
import type { Parcel } from "./label-input";
import { CarrierError } from "./wire";

export type StoredLabel = {
  /** The sender's own name for the parcel. */
  reference: string;
  carrier: string;
  trackingNumber: string;
  parcel: Parcel;
  /** ISO 8601. */
  createdAt: string;
  voidedAt: string | null;
};

/** Labels by reference, in a journal. What a call has returned from is there after `kill -9`. */
export type LabelBook = {
  /** Oldest first. */
  labels(): StoredLabel[];
  find(reference: string): StoredLabel;
  /**
   * The label of this reference: bought now, or as it was bought before.
   *
   * @throws CarrierError for another parcel under the same reference, and for a reference whose label is void.
   */
  buy(reference: string, parcel: Parcel, now: Date): { label: StoredLabel; isNew: boolean };
  /** Takes a label back; it may be void already. */
  void(reference: string, now: Date): StoredLabel;
  clear(): void;
  close(): void;
};

const carrier = "Parcel Post";
const digits = 12;

export function openLabelBook(stateDir: string): LabelBook {
  const journal = openJournal(`${stateDir}/labels.ndjson`);
  const labels = journal.collection<StoredLabel>("labels");

  const find = (reference: string) => {
    const label = labels.get(reference);
    if (!label) throw new CarrierError("not_found", `There is no label for "${reference}".`);
    return label;
  };
  return {
    labels: () => labels.values(),
    find,
    buy(reference, parcel, now) {
      const known = labels.get(reference);
      if (known?.voidedAt) throw new CarrierError("label_void", `The label for "${reference}" was taken back.`);
      if (known && !isDeepStrictEqual(known.parcel, parcel))
        throw new CarrierError("reference_in_use", `"${reference}" is another parcel.`);
      if (known) return { label: known, isNew: false };
      const label = {
        reference,
        carrier,
        trackingNumber: newTrackingNumber(),
        parcel,
        createdAt: now.toISOString(),
        voidedAt: null,
      };
      labels.put(reference, label);
      journal.commit();
      return { label, isNew: true };
    },
    void(reference, now) {
      const label = find(reference);
      if (label.voidedAt) return label;
      const voided = { ...label, voidedAt: now.toISOString() };
      labels.put(reference, voided);
      journal.commit();
      return voided;
    },
    clear() {
      labels.clear();
      journal.commit();
    },
    close: () => journal.close(),
  };
}

/** `PP`, twelve random digits, and a check digit as on credit cards. */
function newTrackingNumber(): string {
  const body = String(randomInt(10 ** digits)).padStart(digits, "0");
  const sum = [...body].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `PP${body}${(10 - (sum % 10)) % 10}`;
}
