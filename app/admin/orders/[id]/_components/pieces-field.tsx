/** How many pieces of a line, from none to `max`. */
export function PiecesField({
  name,
  label,
  max,
  defaultValue,
}: {
  name: string;
  label: string;
  max: number;
  defaultValue: string | number;
}) {
  return (
    <label className="flex items-center justify-between gap-3">
      <span className="min-w-0">{label}</span>
      <span className="flex shrink-0 items-center gap-2">
        <input
          type="number"
          name={name}
          min={0}
          max={max}
          defaultValue={defaultValue}
          className="field field-small figure !w-16"
        />
        <span className="label">of {max}</span>
      </span>
    </label>
  );
}
