import { Status } from "@/components/status-light";
import type { ImportReject } from "@/lib/db/generated/client";

/** Rows that were not taken, or not as they were given, each with its reason. */
export function NoteTable({ notes }: { notes: ImportReject[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            <th scope="col" className="!text-right">
              Row
            </th>
            <th scope="col">What</th>
            <th scope="col">Field</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {notes.map((note) => (
            <tr key={note.id}>
              <td className="figure text-right">{note.rowNumber.toLocaleString("en-IE")}</td>
              <td>
                {note.severity === "refused" ? (
                  <Status tone="stopped">Refused</Status>
                ) : (
                  <Status tone="waiting">Adjusted</Status>
                )}
              </td>
              <td className="whitespace-nowrap">{note.field}</td>
              <td className="min-w-64 break-words">{note.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
