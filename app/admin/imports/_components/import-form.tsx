"use client";

import { useRouter } from "next/navigation";
import { useActionState, useState } from "react";
import { Notice } from "@/components/notice";
import { Currency } from "@/lib/money/money";
import { routes } from "@/lib/routes";
import { queueImportAction, startUploadAction } from "../actions";
import { CurrencyField } from "./currency-field";
import { DryRunField } from "./dry-run-field";
import { uploadFile } from "./upload-file";

/** Takes a file and goes to the page of its import. The file goes straight to the file store, not through the shop. */
export function ImportForm({ storeCurrency }: { storeCurrency: string }) {
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
    const queued = await queueImportAction({ importId });
    if (!queued.ok) return queued.message;
    router.push(routes.adminImport(importId));
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
        <CurrencyField id="currency" storeCurrency={storeCurrency} />
        <button type="submit" disabled={pending} className="button button-primary">
          {pending ? "Uploading…" : "Import"}
        </button>
      </div>
      <DryRunField />
      <p id="file-note" className="mt-2 max-w-prose text-sm text-soft">
        Products as a Shopify product export (CSV), a JSON array or JSON lines, also gzipped. Products are told by their
        handle: what is there already is brought up to date, what does not change is left alone.
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
