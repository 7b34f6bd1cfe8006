import type { Metadata } from "next";
import Link from "next/link";
import { firstOf, type SearchParams } from "@/app/_server/search-params";
import { requireStaffActor } from "@/app/_server/session";
import { Empty } from "@/components/empty";
import { Moment } from "@/components/moment";
import { PageHeading } from "@/components/page-heading";
import { Price } from "@/components/price";
import { Status } from "@/components/status-light";
import { idSchema } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { listReports, type ReportView } from "@/lib/reports/find-reports";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";

export const metadata: Metadata = { title: "Reports" };

const pageSize = 30;
const ReportIdInput = idSchema("report");

export default async function ReportsPage({ searchParams }: { searchParams: SearchParams }) {
  const actor = await requireStaffActor();
  const after = ReportIdInput.safeParse(firstOf((await searchParams).after)).data;
  const [{ timeZone }, reports] = await Promise.all([
    getStoreSettings(),
    listReports({ actor, limit: pageSize, after }),
  ]);
  const last = reports.length === pageSize ? reports.at(-1) : undefined;
  return (
    <>
      <PageHeading title="Reports" />
      {reports.length === 0 ? (
        <Empty title="No reports yet.">
          The sales of each day are reported the next morning at 9:00 UTC, by mail and here.
        </Empty>
      ) : (
        <div className="overflow-x-auto">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Business day</th>
                <th scope="col">Status</th>
                <th scope="col" className="!text-right">
                  Orders
                </th>
                <th scope="col" className="!text-right">
                  Total
                </th>
                <th scope="col">Mailed</th>
                <th scope="col">PDF</th>
              </tr>
            </thead>
            <tbody>
              {reports.map((report) => (
                <ReportRow key={report.id} report={report} timeZone={timeZone} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {last && (
        <p className="mt-4 text-sm">
          <Link href={`${routes.adminReports()}?after=${last.id}`} className="link">
            Older
          </Link>
        </p>
      )}
    </>
  );
}

function ReportRow({ report, timeZone }: { report: ReportView; timeZone: string }) {
  const { currencies } = report.figures;
  return (
    <tr>
      <td className="figure font-medium whitespace-nowrap">
        {report.date}
        {report.revision > 1 && <span className="label"> revision {report.revision}</span>}
      </td>
      <td>
        <Status tone={report.ready ? "good" : "running"}>{report.ready ? "Ready" : "Being made"}</Status>
      </td>
      <td className="figure text-right">{currencies.reduce((count, { orders }) => count + orders, 0)}</td>
      <td className="text-right">
        {currencies.map(({ currency, total }) => (
          <Price key={currency} value={money(total, currency)} className="block" />
        ))}
      </td>
      <td className="figure text-xs">
        {report.mail?.sentAt ? <Moment at={report.mail.sentAt} timeZone={timeZone} /> : "–"}
      </td>
      <td>
        {report.ready && (
          // Not a <Link>: it is a file, and must not be fetched ahead.
          <a href={routes.adminReportPdf(report.id)} className="link" aria-label={`Open the PDF of ${report.date}`}>
            Open
          </a>
        )}
      </td>
    </tr>
  );
}
