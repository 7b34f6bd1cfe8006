"use client";

import { useRouter } from "next/navigation";
import { useActionState, useState } from "react";
import { Notice } from "@/components/notice";
import { ImportType } from "@/lib/imports/import-type";
import { Currency } from "@/lib/money/money";
import { finishUploadAction, startUploadAction } from "../actions";
import { CurrencyField } from "./currency-field";
import { DryRunField } from "./dry-run-field";
import { KindField, type KindOption } from "./kind-field";
import { uploadFile } from "./upload-file";

/** Takes a file and goes to the page of its import, or to that of its columns. The file goes straight to the file store, not through the shop. */
export function ImportForm({ storeCurrency, kinds }: { storeCurrency: string; kinds: readonly KindOption[] }) {
  const router = useRouter();
  const [sent, setSent] = useState<number>();

  /** Answers what went wrong, in a sentence. */
  async function start(form: FormData): Promise<string | undefined> {
    const file = form.get("file");
    if (!(file instanceof File) || file.name === "") return "Choose a file.";
    const currency = Currency.parse(form.get("currency"));
    const started = await startUploadAction({
      fileName: file.name,
      sizeBytes: file.size,
      currency,
      type: ImportType.parse(form.get("type")),
      dryRun: form.has("dryRun"),
    });
    if (!started.ok) return started.message;
    const { importId, upload } = started.value;
    try {
      setSent(0);
      await uploadFile(upload, file, setSent);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      setSent(undefined);
    }
    const finished = await finishUploadAction({ importId });
    if (!finished.ok) return finished.message;
    router.push(finished.value);
  }

  const [problem, submit, pending] = useActionState(
    async (_before: string | undefined, form: FormData) => start(form),
    undefined,
  );

  return (
    <form action={submit} className="border border-line-strong p-4">
      <div className="flex flex-wrap items-end gap-4">
        <div className="min-w-64 flex-1">
          <label htmlFor="file" className="mb-1 block text-sm font-medium">
            File
          </label>
          <input
            id="file"
            name="file"
            type="file"
            required
            accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl,.gz"
            aria-describedby="file-note"
            className="field file:mr-3 file:border-0 file:bg-transparent file:font-semibold"
          />
        </div>
        <KindField id="type" kinds={kinds} />
        <CurrencyField id="currency" storeCurrency={storeCurrency} />
        <button type="submit" disabled={pending} className="button button-primary">
          {pending ? "Uploading…" : "Import"}
        </button>
      </div>
      <DryRunField />
      <p id="file-note" className="mt-2 max-w-prose text-sm text-soft">
        CSV, a JSON array or JSON lines, also gzipped. What is there already is brought up to date, what does not change
        is left alone. Which column says what can be said after the upload.
      </p>
      <noscript>
        <p className="mt-2 text-sm text-alarm">
          Uploading a file needs JavaScript. Allow it for this store and reload, or give the address of the file below.
        </p>
      </noscript>
      {sent !== undefined && <progress className="meter mt-3" aria-label="Upload" max={1} value={sent} />}
      {problem && (
        <div className="mt-3">
          <Notice tone="stopped">{problem}</Notice>
        </div>
      )}
    </form>
  );
}
