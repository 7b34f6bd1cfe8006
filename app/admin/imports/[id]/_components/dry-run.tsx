"use client";

import { useActionState } from "react";
import type { ImportId } from "@/lib/ids";
import type { ImportSample } from "@/lib/imports/samples";
import { applyDryRunAction } from "../../actions";

/** What came of a dry run: that nothing has changed, what would, and the button that does it. Works without JavaScript. */
export function DryRun({ importId, samples }: { importId: ImportId; samples: ImportSample[] }) {
  const [result, apply, applying] = useActionState(applyDryRunAction, null);
  return (
    <section aria-labelledby="dry-run" className="mt-8">
      <h2 id="dry-run" className="mb-3 text-lg font-semibold">
        What would change
      </h2>
      <form action={apply} className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <input type="hidden" name="importId" value={importId} />
        <p className="text-sm">Nothing has been changed yet. The figures say what this file would do now.</p>
        <button type="submit" disabled={applying} className="button button-primary button-small">
          {applying ? "Starting…" : "Import it now"}
        </button>
        {result?.ok === false && (
          <p role="alert" className="text-sm text-alarm">
            {result.message}
          </p>
        )}
      </form>
      {samples.length > 0 && (
        <div className="overflow-x-auto">
          <table className="table">
            <caption className="label mb-1 text-left">Some of them, as examples</caption>
            <thead>
              <tr>
                <th scope="col" className="!text-right">
                  Row
                </th>
                <th scope="col">Which</th>
                <th scope="col">Would be</th>
                <th scope="col">Changes</th>
              </tr>
            </thead>
            <tbody>
              {samples.map((sample) => (
                <SampleRow key={`${sample.rowNumber}:${sample.handle}`} sample={sample} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function SampleRow({ sample }: { sample: ImportSample }) {
  const { rowNumber, handle, title, outcome, changes, more } = sample;
  return (
    <tr>
      <td className="figure text-right">{rowNumber}</td>
      <td className="min-w-40 break-all">{title || handle}</td>
      <td>{outcome}</td>
      <td className="min-w-64">
        <ul>
          {changes.map(({ what, from, to }) => (
            <li key={what} className="break-words">
              {what}: {from === "" ? "nothing" : <del className="text-soft">{from}</del>} →{" "}
              {to === "" ? "nothing" : <ins className="no-underline">{to}</ins>}
            </li>
          ))}
          {more > 0 && <li className="text-soft">and {more} more</li>}
        </ul>
      </td>
    </tr>
  );
}
