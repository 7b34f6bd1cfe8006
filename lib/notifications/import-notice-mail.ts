import { html } from "./html";
import { button, mailLayout, paragraph } from "./mail-layout";
import type { Mail } from "./send-mail";

/** Everything the mail about the end of an import shows. */
export type ImportNoticeFacts = {
  storeName: string;
  importUrl: string;
  fileName: string;
  /** What it is of: "Products". */
  kind: string;
  /** Whether it read only what an import of that file had refused. */
  isRetry: boolean;
  status: "completed" | "failed";
  /** Why it failed, in a sentence. */
  reason: string | null;
  /** Null where it never began. */
  durationMs: number | null;
  rowsRead: number;
  created: number;
  updated: number;
  unchanged: number;
  refused: number;
};

/** The mail to whoever started an import that has ended. Depends on nothing but its arguments. */
export function importNoticeMail(facts: ImportNoticeFacts): Mail {
  const { storeName, importUrl, fileName, isRetry } = facts;
  const what = `The import of ${isRetry ? "the refused rows of " : ""}${fileName}`;
  const subject = `${what} ${facts.status === "completed" ? "is complete" : "failed"}`;
  const sentences = [...(facts.status === "failed" && facts.reason ? [facts.reason] : []), ...figures(facts)];
  const link = "Open the import";
  const reason = `You get this mail because you started this import at ${storeName}.`;
  return {
    subject,
    html: mailLayout({
      storeName,
      heading: `${subject}.`,
      body: html`${sentences.map(paragraph)}
${button(link, importUrl)}`,
      reason,
    }),
    text: [`${subject}.`, "", ...sentences, "", `${link}: ${importUrl}`, "", reason, ""].join("\n"),
  };
}

function figures({
  kind,
  status,
  durationMs,
  rowsRead,
  created,
  updated,
  unchanged,
  refused,
}: ImportNoticeFacts): string[] {
  const took = durationMs === null ? "" : ` in ${durationText(durationMs)}`;
  const read = `${counted(rowsRead, "row was", "rows were")} read${took}`;
  if (status === "failed" && rowsRead === 0) return ["Nothing was imported."];
  return [
    `${read}. ${kind}: ${figure(created)} created, ${figure(updated)} updated, ${figure(unchanged)} unchanged.`,
    refused === 0
      ? "No row was refused."
      : `${counted(refused, "row was", "rows were")} refused. The import's page says why, gives them as a file to mend, and can try them again.`,
    ...(status === "failed" ? ["What was taken is in the store and stays there."] : []),
  ];
}

const figure = (count: number): string => count.toLocaleString("en-IE");
const counted = (count: number, one: string, many: string): string => `${figure(count)} ${count === 1 ? one : many}`;

function durationText(milliseconds: number): string {
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const minutes = Math.round(milliseconds / 60_000);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
