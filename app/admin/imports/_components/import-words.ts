import type { Tone } from "@/components/status-light";
import type { Import, ImportStatus } from "@/lib/db/generated/client";

const words: Record<ImportStatus, { tone: Tone; text: string }> = {
  uploading: { tone: "off", text: "Upload not finished" },
  queued: { tone: "waiting", text: "Queued" },
  running: { tone: "running", text: "Running" },
  completed: { tone: "good", text: "Completed" },
  failed: { tone: "stopped", text: "Failed" },
  cancelled: { tone: "stopped", text: "Stopped" },
  undoing: { tone: "running", text: "Being undone" },
  undone: { tone: "off", text: "Undone" },
};

/** What an import's state is called, and which lamp it lights. */
export function importWords(status: ImportStatus): { tone: Tone; text: string } {
  return words[status];
}

/** What an import is called: by its file, also where it reads only what was refused of that, or only looks. */
export function importTitle({ fileName, retryOfId, isDryRun }: Pick<Import, "fileName" | "retryOfId" | "isDryRun">) {
  if (isDryRun) return `Dry run of ${fileName}`;
  return retryOfId ? `Refused rows of ${fileName}` : fileName;
}
