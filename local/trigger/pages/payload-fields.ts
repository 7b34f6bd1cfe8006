import { html, raw } from "hono/html";
import type { Field, FormValues, Problems } from "../engine/payload-form";
import type { Html } from "./layout";
import { option } from "./parts";

/** The fields of a payload with what was typed and what is wrong with it. Names begin with `p` so that options can not clash. */
export function payloadFields(fields: Field[], values: FormValues, problems: Problems): Html {
  return html`${fields.map((field) => (field.kind === "object" ? group(field, values, problems) : single(field, values, problems)))}`;
}

function group(field: Field, values: FormValues, problems: Problems): Html {
  return html`<fieldset class="group"><legend>${field.label}${field.isRequired ? "" : html` <span class="hint">optional</span>`}</legend>${hint(field)}${payloadFields(field.children, values, problems)}</fieldset>`;
}

const kinds = {
  text: "",
  long: "",
  number: "number",
  integer: "whole number",
  boolean: "",
  choice: "",
  date: "date",
  datetime: "date and time, UTC",
  list: "one per line",
  numbers: "numbers, one per line",
  json: "JSON",
  object: "",
} as const;

function single(field: Field, values: FormValues, problems: Problems): Html {
  const id = `p${field.name}`;
  const value = values.get(field.name) ?? "";
  const problem = problems.get(field.name);
  const notes = [kinds[field.kind], field.isRequired ? "" : "optional", boundsOf(field)]
    .filter((note) => note !== "")
    .join(", ");
  const state = html`${problem ? raw(' aria-invalid="true"') : ""} aria-describedby="${id}-hint"`;
  return html`<div class="field"><label for="${id}">${field.label} <span class="hint">${notes}</span></label>${control(field, id, value, state)}
<div id="${id}-hint">${problem ? html`<span class="problem">${problem}</span> ` : ""}${hint(field)}</div></div>`;
}

const hint = (field: Field) => (field.description ? html`<span class="hint">${field.description}</span>` : "");

function boundsOf({ kind, min, max }: Field): string {
  const unit = kind === "text" || kind === "long" ? " characters" : "";
  if (min !== undefined && max !== undefined && Math.abs(max) < 1e12) return `${min} to ${max}${unit}`;
  if (min !== undefined && Math.abs(min) < 1e12) return `at least ${min}${unit}`;
  return max !== undefined && Math.abs(max) < 1e12 ? `at most ${max}${unit}` : "";
}

function control(field: Field, id: string, value: string, state: Html): Html {
  switch (field.kind) {
    case "boolean":
      return html`<select id="${id}" name="${id}"${state}>${option("", value, field.isRequired ? "choose" : "leave out")}${option("true", value)}${option("false", value)}</select>`;
    case "choice":
      return html`<select id="${id}" name="${id}"${state}>${option("", value, field.isRequired ? "choose" : "leave out")}${field.choices.map((choice) => option(choice, value, labelOf(choice)))}</select>`;
    case "datetime":
      return html`<input type="datetime-local" step="1" id="${id}" name="${id}" value="${value.replace(/(\.\d+)?Z$/, "")}"${state}>`;
    case "date":
      return html`<input type="date" id="${id}" name="${id}" value="${value}"${state}>`;
    case "long":
    case "list":
    case "numbers":
    case "json":
      return html`<textarea id="${id}" name="${id}" rows="4" spellcheck="false"${state}>\n${value}</textarea>`;
    default:
      // Not type="number": a browser sends nothing at all for what it does not understand, and the text would be lost.
      return html`<input id="${id}" name="${id}" value="${value}"${field.kind === "text" ? "" : raw(' inputmode="decimal"')} autocomplete="off"${state}>`;
  }
}

function labelOf(choice: string): string {
  const value: unknown = JSON.parse(choice);
  return typeof value === "string" ? value : choice;
}
