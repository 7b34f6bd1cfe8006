import type { CustomerInput } from "@/lib/accounts/save-customers";
import { EmailInput } from "@/lib/accounts/schema";
import { oneLine } from "@/lib/text-input";
import { type Candidate, quote } from "../candidate";
import type { ReadOptions, SourceText } from "../kinds/import-kind";
import type { Fields } from "../table/fields";
import { readRows } from "../table/read-rows";
import type { Table, TableRow } from "../table/read-table";
import { RowProblem } from "../table/row-problem";

export type CustomerField = "email" | "name" | "firstName" | "lastName";

export const customerFields: Fields<CustomerField> = {
  email: {
    label: "E-mail",
    headings: ["Email", "E-mail", "Email address", "Customer email"],
    isRequired: true,
    hint: "Tells who it is",
  },
  name: { label: "Name", headings: ["Name", "Full name", "Customer name"] },
  firstName: { label: "First name", headings: ["First Name", "Given name"] },
  lastName: { label: "Last name", headings: ["Last Name", "Surname", "Family name"] },
};

const table: Table<CustomerField> = {
  fields: customerFields,
  what: "A file of customers has a row for each; say on the page of its columns which one is which.",
};

const nameMax = 120;

/** The customers of a table. @throws UnreadableFileError as `readTable` */
export function readCustomers(source: SourceText, options: ReadOptions): AsyncGenerator<Candidate<CustomerInput>> {
  return readRows(source, table, { ...options, toItem: (row) => ({ item: customerOf(row) }) });
}

function customerOf(row: TableRow<CustomerField>): CustomerInput {
  const text = row.text("email") ?? "";
  if (text === "") throw new RowProblem(row.heading("email"), "The e-mail address is missing.");
  const email = EmailInput.safeParse(text);
  if (!email.success) throw new RowProblem(row.heading("email"), `${quote(text)} is no e-mail address.`);
  const parts = [row.text("firstName"), row.text("lastName")].filter(Boolean).join(" ");
  const name = oneLine(row.text("name") || parts);
  if (name.length > nameMax)
    throw new RowProblem(row.heading("name"), `The name is longer than ${nameMax} characters.`);
  return { email: email.data, name: name === "" ? null : name };
}
