import type { ImportType } from "@/lib/imports/import-type";

/** Something that a file can be of. */
export type KindOption = { type: ImportType; title: string };

/** What a file is of. */
export function KindField({ id, kinds, chosen }: { id: string; kinds: readonly KindOption[]; chosen?: string }) {
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        Of
      </label>
      <select id={id} name="type" defaultValue={chosen} className="field">
        {kinds.map(({ type, title }) => (
          <option key={type} value={type}>
            {title}
          </option>
        ))}
      </select>
    </div>
  );
}
