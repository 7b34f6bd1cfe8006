import { notFound } from "next/navigation";
import { route } from "@/app/_server/route";
import { requireStaffActor } from "@/app/_server/session";
import { idSchema } from "@/lib/ids";
import { openReportPdf } from "@/lib/reports/find-reports";

const ReportIdInput = idSchema("report");

/** The PDF of a report, through the server: staff only, and never kept by anything in between. */
export const GET = route<{ id: string }>(async (_request, { params }) => {
  const actor = await requireStaffActor();
  const reportId = ReportIdInput.safeParse(params.id).data ?? notFound();
  const { stream, sizeBytes, contentType, fileName } = await openReportPdf({ actor, reportId });
  return new Response(stream, {
    headers: {
      "content-type": contentType,
      "content-length": String(sizeBytes),
      "content-disposition": `inline; filename="${fileName}"`,
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
    },
  });
});
