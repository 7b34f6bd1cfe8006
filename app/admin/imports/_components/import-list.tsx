import Link from "next/link";
import { Moment } from "@/components/moment";
import { Status } from "@/components/status-light";
import type { Import } from "@/lib/db/generated/client";
import type { ImportId } from "@/lib/ids";
import { routes } from "@/lib/routes";
import { importTitle, importWords } from "./import-words";

const figures = [
  ["rowsRead", "Rows"],
  ["created", "Created"],
  ["updated", "Updated"],
  ["unchanged", "Unchanged"],
  ["refused", "Refused rows"],
] as const;

/** Earlier imports and how each of them went. */
export function ImportList({ imports, timeZone }: { imports: Import[]; timeZone: string }) {
  return (
    <div className="overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Status</th>
            {figures.map(([key, heading]) => (
              <th key={key} scope="col" className="!text-right">
                {heading}
              </th>
            ))}
            <th scope="col">Started</th>
          </tr>
        </thead>
        <tbody>
          {imports.map((one) => {
            const { tone, text } = importWords(one.status);
            return (
              <tr key={one.id}>
                <td className="min-w-40">
                  <Link href={routes.adminImport(one.id as ImportId)} className="link break-all">
                    {importTitle(one)}
                  </Link>
                </td>
                <td>
                  <Status tone={tone}>{text}</Status>
                </td>
                {figures.map(([key]) => (
                  <td key={key} className="figure text-right">
                    {one[key].toLocaleString("en-IE")}
                  </td>
                ))}
                <td>
                  <Moment at={one.createdAt} timeZone={timeZone} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
