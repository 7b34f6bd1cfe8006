"use client";

import { useActionState } from "react";
import { Field } from "@/components/field";
import { Notice } from "@/components/notice";
import { triggerDataImportAction } from "../actions";
import { CurrencyField } from "./currency-field";
import { DryRunField } from "./dry-run-field";
import { KindField, type KindOption } from "./kind-field";

/** Takes the address of a file. Its run fetches the file, so nobody has to wait here. Works without JavaScript. */
export function AddressForm({ storeCurrency, kinds }: { storeCurrency: string; kinds: readonly KindOption[] }) {
  const [asked, ask, asking] = useActionState(triggerDataImportAction, null);
  const refusal = asked?.ok === false ? asked : undefined;
  const problem = refusal?.fieldErrors.source ?? refusal?.message;

  return (
    <form action={ask} noValidate className="border border-line-strong p-4">
      <div className="flex flex-wrap items-end gap-4">
        <div className="min-w-64 flex-1">
          <Field
            label="Address of a file"
            name="source"
            type="url"
            required
            maxLength={2048}
            placeholder="https://"
            defaultValue={refusal?.values.source}
            aria-invalid={problem ? true : undefined}
            autoComplete="off"
          />
        </div>
        <KindField id="address-type" kinds={kinds} chosen={refusal?.values.type} />
        <CurrencyField id="address-currency" storeCurrency={refusal?.values.currency ?? storeCurrency} />
        <button type="submit" disabled={asking} className="button">
          {asking ? "Asking…" : "Fetch"}
        </button>
      </div>
      <DryRunField isTicked={refusal?.values.dryRun === "on"} />
      <label className="mt-2 flex items-center gap-2 text-sm">
        <input type="checkbox" name="allowHttp" defaultChecked={refusal?.values.allowHttp === "on"} />
        Also where it begins with http://, so that anybody on the way could change the file
      </label>
      {problem && (
        <div className="mt-3">
          <Notice tone="stopped">{problem}</Notice>
        </div>
      )}
    </form>
  );
}
