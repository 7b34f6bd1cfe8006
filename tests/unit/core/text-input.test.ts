import { expect, test } from "vitest";
import { RegisterInput } from "@/lib/accounts/schema";
import { ResolveFindingInput } from "@/lib/findings/schema";
import { newId } from "@/lib/ids";
import { StartUploadInput } from "@/lib/imports/schema";
import { ShippingAddress } from "@/lib/orders/schema";

const address = { line1: "12 St James's Square", city: "London", postalCode: "SW1Y 4JH", country: "GB" };

/** What each form makes of a text that people type. */
const forms: [name: string, read: (text: string) => string | undefined][] = [
  ["registering", (name) => RegisterInput.safeParse({ name, email: "a@b.de", password: "12345678" }).data?.name],
  ["a finding", (note) => ResolveFindingInput.safeParse({ findingId: newId("finding"), note }).data?.note],
  ["an address", (name) => ShippingAddress.safeParse({ ...address, name }).data?.name],
  ["an upload", (fileName) => StartUploadInput.safeParse({ fileName, sizeBytes: 1 }).data?.fileName],
];

test.each(forms)("%s takes text as a table can hold it: no NUL, no half of a pair, one line", (_, read) => {
  expect(read(" Ada\0Lovelace ")).toBe("Ada Lovelace");
  expect(read("Ada\r\n\tLovelace\0")).toBe("Ada Lovelace");
  expect(read("Ada \ud83d")).toBe("Ada \ufffd");
  expect(read("Ada 😀")).toBe("Ada 😀");
  for (const nothing of ["", "  ", "\0", "\n\0\n", "a".repeat(501)]) expect(read(nothing)).toBeUndefined();
});
