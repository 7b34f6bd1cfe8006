/** HTML that is safe to send: made only by the `html` tag, which escapes whatever is put into it. */
export type Html = { readonly source: string; readonly [madeByTag]: true };

const madeByTag: unique symbol = Symbol("html");

type Value = Html | string | number | readonly Html[] | null | undefined | false;

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function render(value: Value): string {
  if (value === null || value === undefined || value === false) return "";
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  if (Array.isArray(value)) return value.map(render).join("");
  return (value as Html).source;
}

/**
 * A template of HTML. Texts and numbers are escaped, other templates (and lists of them) are put in as they are, and
 * null, undefined and false leave nothing. Attributes must be quoted.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const source = parts.reduce((text, part, index) => text + render(values[index - 1]) + part);
  return { source, [madeByTag]: true };
}
