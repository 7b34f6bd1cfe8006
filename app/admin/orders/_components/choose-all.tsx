"use client";

/** Chooses all rows of the list, or none; without JavaScript the rows are chosen one by one. */
export function ChooseAll({ formId }: { formId: string }) {
  return (
    <input
      type="checkbox"
      aria-label="Choose all orders of this page"
      onChange={({ currentTarget: { checked } }) => {
        const form = document.getElementById(formId);
        if (!(form instanceof HTMLFormElement)) return;
        for (const field of form.elements)
          if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = checked;
      }}
    />
  );
}
