"use client";

import { useActionState } from "react";
import { Notice } from "@/components/notice";
import type { ImportId } from "@/lib/ids";
import type { Field, Fields } from "@/lib/imports/table/fields";
import { columnPrefix, valuePrefix } from "@/lib/imports/table/form-names";
import type { Mapping } from "@/lib/imports/table/mapping";
import { DryRunField } from "../../../_components/dry-run-field";
import { mapColumnsAction } from "../../../actions";

type Props = {
  importId: ImportId;
  fields: Fields;
  names: readonly string[];
  /** The first row of the file. */
  example: readonly string[];
  proposal: Mapping;
};

/** Under one another on a phone. */
const rowLayout = "grid gap-x-4 gap-y-1 md:grid-cols-[minmax(0,1fr)_15rem_13rem]";

/** A row for each thing that a file can say: in which column, or what all rows have in common. Works without JavaScript. */
export function ColumnsForm({ importId, fields, names, example, proposal }: Props) {
  const [result, map, mapping] = useActionState(mapColumnsAction, null);
  const refusal = result?.ok === false ? result : undefined;
  const entries = Object.entries(fields);
  const required = entries.filter(([, { isRequired }]) => isRequired);
  const others = entries.filter(([, { isRequired }]) => !isRequired);
  const rowOf = ([name, field]: [string, Field]) => (
    <FieldRow
      key={name}
      name={name}
      field={field}
      names={names}
      example={example}
      column={refusal?.values[columnPrefix + name] ?? proposal.columns[name] ?? ""}
      value={refusal?.values[valuePrefix + name] ?? proposal.values[name] ?? ""}
    />
  );

  return (
    <form action={map}>
      <input type="hidden" name="importId" value={importId} />
      <div
        aria-hidden="true"
        className={`${rowLayout} max-md:hidden border-b border-line-strong pb-2 text-sm text-soft`}
      >
        <span>What</span>
        <span>Column of the file</span>
        <span>Or the same for all rows</span>
      </div>
      <ul>
        {required.map(rowOf)}
        {others.map(rowOf)}
      </ul>
      <DryRunField isTicked={refusal ? refusal.values.dryRun === "on" : true} />
      <div className="mt-4 flex flex-wrap items-center gap-4">
        <button type="submit" disabled={mapping} className="button button-primary">
          {mapping ? "Starting…" : "Read it so"}
        </button>
        <p className="text-sm text-soft">This is kept for later files with the same columns.</p>
      </div>
      {refusal && (
        <div className="mt-3">
          <Notice tone="stopped">{refusal.message}</Notice>
        </div>
      )}
    </form>
  );
}

type RowProps = {
  name: string;
  field: Field;
  names: readonly string[];
  example: readonly string[];
  column: string;
  value: string;
};

function FieldRow({ name, field, names, example, column, value }: RowProps) {
  const { label, hint, isRequired, fixed, isForAll } = field;
  const index = names.indexOf(column);
  const id = isForAll ? `value-${name}` : `column-${name}`;
  return (
    <li className={`${rowLayout} border-b border-line py-2`}>
      <div>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {isRequired && <span className="text-soft"> (needed)</span>}
        {hint && <p className="text-sm text-soft">{hint}</p>}
      </div>
      <div className={isForAll ? "max-md:hidden" : ""}>
        {!isForAll && (
          <select id={id} name={columnPrefix + name} defaultValue={column} className="field">
            <option value="">not in the file</option>
            {[...new Set(names)].filter(Boolean).map((heading) => (
              <option key={heading} value={heading}>
                {heading}
              </option>
            ))}
          </select>
        )}
        {index >= 0 && example[index] && (
          <p className="mt-1 max-w-64 truncate text-sm text-soft">such as {example[index]}</p>
        )}
      </div>
      <div>
        {fixed && !isForAll && <p className="mb-1 text-sm text-soft md:hidden">or for all rows</p>}
        {fixed && (
          <input
            type={fixed === "date" ? "date" : "text"}
            name={valuePrefix + name}
            defaultValue={value}
            {...(isForAll ? { id } : { "aria-label": `${label}, the same for all rows` })}
            className="field"
          />
        )}
      </div>
    </li>
  );
}
