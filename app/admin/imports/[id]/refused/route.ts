import { notFound } from "next/navigation";
import { privateFile } from "@/app/_server/private-file";
import { route } from "@/app/_server/route";
import { requireStaffActor } from "@/app/_server/session";
import { idSchema } from "@/lib/ids";
import { openRefusedCsv } from "@/lib/imports/refused/open-refused-csv";

const ImportIdInput = idSchema("import");

/** The refused rows of an import as CSV: staff only, and never kept by anything in between. */
export const GET = route<{ id: string }>(async (_request, { params }) => {
  const actor = await requireStaffActor();
  const importId = ImportIdInput.safeParse(params.id).data ?? notFound();
  return privateFile({ ...(await openRefusedCsv({ actor, importId })), disposition: "attachment" });
});
