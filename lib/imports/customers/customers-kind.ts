import {
  type CustomerInput,
  compareCustomers,
  nameOfCustomer,
  type SavedCustomer,
  saveCustomers,
  undoCustomers,
  type WrittenCustomer,
} from "@/lib/accounts/save-customers";
import { inRounds } from "../in-rounds";
import type { Change, ImportKind, Saved } from "../kinds/import-kind";
import { customerFields, readCustomers } from "./read-customers";

/** Customers, told by their mail address. */
export const customersKind: ImportKind<CustomerInput> = {
  title: "Customers",
  about:
    "Customers with their mail address and name. They get an account without a password, and set one by mail when they first sign in. Nobody is written to.",
  fields: customerFields,
  read: readCustomers,
  save: (tx, customers, context) =>
    inRounds(
      customers,
      ({ email }) => email,
      async (round): Promise<Saved[]> => {
        const results = await saveCustomers(tx, round, context);
        return results.map((saved, index) => ({
          ...toSaved(saved),
          changes: changesOf(round[index] as CustomerInput, saved),
        }));
      },
    ),
  async preview(tx, customers) {
    const results = await compareCustomers(tx, customers);
    return results.map((result, index) => ({
      ...toSaved(result),
      describe: () => [
        { what: "Name", from: result.nameBefore ?? "", to: nameOfCustomer(customers[index] as CustomerInput) },
      ],
    }));
  },
  async undo(tx, changes) {
    const customers = changes.map(({ subject, before, at }) => ({
      email: subject,
      before: before as WrittenCustomer["before"],
      at,
    }));
    const done = await undoCustomers(tx, customers);
    return done.map((isBack) => (isBack ? null : "The account was used or changed since, and was left as it is."));
  },
  nameOf: (customer) => ({ handle: customer.email, title: nameOfCustomer(customer) }),
};

function changesOf({ email }: CustomerInput, { outcome, nameBefore: name, updatedAt }: SavedCustomer): Change[] {
  if (outcome === "unchanged") return [];
  return [{ subject: email, before: outcome === "created" ? null : { name, updatedAt } }];
}

function toSaved({ outcome, leftAlone }: SavedCustomer): Saved {
  if (leftAlone === null) return { outcome, adjusted: [] };
  const who = leftAlone === "staff" ? "works here" : "has made this account theirs";
  return { outcome, adjusted: [{ part: "", field: "name", reason: `Who ${who} keeps their own name.` }] };
}
