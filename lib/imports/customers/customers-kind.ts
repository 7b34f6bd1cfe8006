import { type CustomerInput, compareCustomers, type SavedCustomer, saveCustomers } from "@/lib/accounts/save-customers";
import type { ImportKind, Saved } from "../kinds/import-kind";
import { wavesBy } from "../waves";
import { customerFields, readCustomers } from "./read-customers";

/** Customers, told by their mail address. */
export const customersKind: ImportKind<CustomerInput> = {
  title: "Customers",
  about:
    "Customers with their mail address and name. They get an account without a password, and set one by mail when they first sign in. Nobody is written to.",
  fields: customerFields,
  read: readCustomers,
  async save(tx, customers, context) {
    const results: Saved[] = [];
    for (const wave of wavesBy(customers, ({ email }) => email))
      results.push(...(await saveCustomers(tx, wave, context)).map(toSaved));
    return results;
  },
  async preview(tx, customers) {
    const results = await compareCustomers(tx, customers);
    return results.map((result, index) => ({
      ...toSaved(result),
      describe: () => [{ what: "Name", from: result.nameBefore ?? "", to: customers[index]?.name ?? "" }],
    }));
  },
  nameOf: ({ email, name }) => ({ handle: email, title: name ?? "" }),
};

function toSaved({ outcome, leftAlone }: SavedCustomer): Saved {
  if (leftAlone === null) return { outcome, adjusted: [] };
  const who = leftAlone === "staff" ? "works here" : "has made this account theirs";
  return { outcome, adjusted: [{ part: "", field: "name", reason: `Who ${who} keeps their own name.` }] };
}
