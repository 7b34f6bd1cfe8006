import { z } from "zod";
import { idSchema } from "@/lib/ids";
import { Currency } from "@/lib/money/money";
import { filledLine } from "@/lib/text-input";
import { ImportType } from "./import-type";
import { columnPrefix, valuePrefix } from "./table/form-names";
import { Mapping } from "./table/mapping";

/** The most that one PUT to S3 may carry; files from addresses are not larger either. */
export const fileBytesMax = 5 * 1024 ** 3;

/** Something to be ticked: a checkbox sends `on`, and nothing where it is not ticked. */
const ticked = z
  .union([z.literal("on"), z.boolean()])
  .optional()
  .transform((value) => value === "on" || value === true);

export const StartUploadInput = z.object({
  type: ImportType.default("products"),
  fileName: filledLine("Choose a file.", 255, "The file's name is too long."),
  sizeBytes: z.int().min(1, "The file is empty.").max(fileBytesMax, "The file is larger than 5 GB. Split it."),
  /** The currency of the prices; the store's own where left out. */
  currency: Currency.optional(),
  dryRun: ticked,
});

export const ImportAddressInput = z.object({
  source: filledLine("Give the address of the file.", 2_048, "The address is too long."),
  type: ImportType.default("products"),
  currency: Currency.optional(),
  /** Whether an address that begins with http:// is meant. */
  allowHttp: ticked,
  dryRun: ticked,
});

/** A form with a heading for each field, named `column.…`, and what all rows have in common, named `value.…`. */
export const MapColumnsInput = z
  .looseObject({ importId: idSchema("import"), dryRun: ticked })
  .transform(({ importId, dryRun, ...fields }, context) => {
    const mapping = Mapping.safeParse({ columns: named(fields, columnPrefix), values: named(fields, valuePrefix) });
    if (mapping.success) return { importId, dryRun, mapping: mapping.data };
    context.addIssue({ code: "custom", message: "What was entered is too long." });
    return z.NEVER;
  });

function named(fields: Record<string, unknown>, prefix: string): Record<string, unknown> {
  const entries = Object.entries(fields).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]));
}

export const ImportIdInput = z.object({ importId: idSchema("import") });
