import { notFound } from "next/navigation";
import { privateFile } from "@/app/_server/private-file";
import { route } from "@/app/_server/route";
import { requireStaffActor } from "@/app/_server/session";
import { idSchema } from "@/lib/ids";
import { openReportPdf } from "@/lib/reports/find-reports";

const ReportIdInput = idSchema("report");

/** The PDF of a report, through the server: staff only, and never kept by anything in between. */
export const GET = route<{ id: string }>(async (_request, { params }) => {
  const actor = await requireStaffActor();
  const reportId = ReportIdInput.safeParse(params.id).data ?? notFound();
  return privateFile(await openReportPdf({ actor, reportId }));
});
