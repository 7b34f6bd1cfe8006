import { Status, type Tone } from "@/components/status-light";
import type { ImportReject, ImportSeverity } from "@/lib/db/generated/client";

const words: Record<ImportSeverity, { tone: Tone; text: string }> = {
  refused: { tone: "stopped", text: "Refused" },
  adjusted: { tone: "waiting", text: "Adjusted" },
  kept: { tone: "waiting", text: "Not undone" },
};

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
                <Status tone={words[note.severity].tone}>{words[note.severity].text}</Status>
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
