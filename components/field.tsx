import type { ComponentProps } from "react";

type FieldProps = ComponentProps<"input"> & { label: string; name: string; error?: string; hint?: string };

/** A labelled input; what is wrong with it is said below it, and to screen readers as its description. */
export function Field({ label, name, error, hint, className = "", ...input }: FieldProps) {
  const noteId = `${name}-note`;
  const note = error ?? hint;
  return (
    <div className={className}>
      <label htmlFor={name} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      <input
        id={name}
        name={name}
        className="field"
        aria-invalid={error ? true : undefined}
        aria-describedby={note ? noteId : undefined}
        {...input}
      />
      {note && (
        <p id={noteId} className={`mt-1 text-sm ${error ? "text-alarm" : "text-soft"}`}>
          {note}
        </p>
      )}
    </div>
  );
}
