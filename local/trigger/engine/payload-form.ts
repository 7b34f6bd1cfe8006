import { type FieldKind, kindOf, type Schema } from "./payload-schema";

/** One field of a form for a payload. Its name is its place in the payload: `/ship/street`. */
export type Field = {
  name: string;
  label: string;
  kind: FieldKind;
  isRequired: boolean;
  isNullable: boolean;
  description: string | undefined;
  choices: string[];
  min: number | undefined;
  max: number | undefined;
  fallback: unknown;
  children: Field[];
};

export type FormValues = Map<string, string>;
export type Problems = Map<string, string>;

const depthMax = 5;
const fieldsMax = 200;

/** The fields of a payload; nothing when the schema is not that of an object with known fields. */
export function fieldsOf(schema: unknown): Field[] | undefined {
  const root = schema as Schema | null;
  if (!root || typeof root !== "object") return undefined;
  let count = 0;
  const walk = (part: Schema, name: string, depth: number): Field[] => {
    const required = new Set(Array.isArray(part.required) ? part.required : []);
    const fields = Object.entries(part.properties ?? {}).map(([key, property]): Field => {
      count++;
      const { schema: resolved, kind, isNullable, choices } = kindOf(root, property, depth >= depthMax);
      const path = `${name}/${key}`;
      return {
        name: path,
        label: key,
        kind,
        isRequired: required.has(key),
        isNullable,
        description: typeof resolved.description === "string" ? resolved.description : undefined,
        choices,
        min: numberOr(resolved.minimum ?? resolved.minLength),
        max: numberOr(resolved.maximum ?? resolved.maxLength),
        fallback: resolved.default,
        children: kind === "object" ? walk(resolved, path, depth + 1) : [],
      };
    });
    return [...fields.filter((field) => field.isRequired), ...fields.filter((field) => !field.isRequired)];
  };
  const { kind, schema: resolved } = kindOf(root, root, false);
  if (kind !== "object") return undefined;
  const fields = walk(resolved, "", 0);
  return fields.length > 0 && count <= fieldsMax ? fields : undefined;
}

const numberOr = (value: unknown) => (typeof value === "number" ? value : undefined);

/** What a form starts with: the defaults of the schema. */
export function defaultValues(fields: Field[]): FormValues {
  return new Map(
    fields.flatMap((field): [string, string][] => [
      ...(field.fallback === undefined ? [] : [[field.name, textOf(field, field.fallback)] as [string, string]]),
      ...defaultValues(field.children),
    ]),
  );
}

/** A payload as the values of a form; nothing when the form could not show all of it. */
export function valuesOf(fields: Field[], payload: unknown): FormValues | undefined {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return undefined;
  const values: FormValues = new Map();
  for (const [key, value] of Object.entries(payload)) {
    const field = fields.find((one) => one.label === key);
    if (!field) return undefined;
    if (field.kind === "object") {
      const inner = valuesOf(field.children, value);
      if (!inner) return undefined;
      for (const [name, text] of inner) values.set(name, text);
    } else values.set(field.name, textOf(field, value));
  }
  return values;
}

function textOf(field: Field, value: unknown): string {
  if (value === null || value === undefined) return "";
  if ((field.kind === "list" || field.kind === "numbers") && Array.isArray(value)) return value.map(String).join("\n");
  // Choices are kept as JSON, so that 1 and "1" differ.
  if (field.kind === "choice") return JSON.stringify(value);
  if (field.kind === "datetime" && typeof value === "string") return value.replace(/(\.\d+)?Z$/, "");
  return typeof value === "string" && field.kind !== "json" ? value : JSON.stringify(value);
}

/** The payload that somebody's values mean, and what is wrong with them, by field. Empty optional fields are left out. */
export function payloadFrom(
  fields: Field[],
  values: FormValues,
): { payload: Record<string, unknown>; problems: Problems } {
  const payload: Record<string, unknown> = {};
  const problems: Problems = new Map();
  for (const field of fields) {
    if (field.kind === "object") {
      const inner = payloadFrom(field.children, values);
      const isEmpty = Object.keys(inner.payload).length === 0;
      if (isEmpty && !field.isRequired) continue;
      for (const [name, problem] of inner.problems) problems.set(name, problem);
      payload[field.label] = inner.payload;
      continue;
    }
    const text = values.get(field.name) ?? "";
    if (text.trim() === "") {
      if (!field.isRequired) continue;
      if (field.isNullable) payload[field.label] = null;
      else if (field.kind === "list") payload[field.label] = [];
      else problems.set(field.name, "This is needed.");
      continue;
    }
    const { value, problem } = valueFrom(field, text);
    if (problem) problems.set(field.name, problem);
    // Also what is wrong, so that a switch to JSON loses nothing.
    payload[field.label] = problem ? text : value;
  }
  return { payload, problems };
}

function valueFrom(field: Field, text: string): { value?: unknown; problem?: string } {
  const { kind, min, max } = field;
  switch (kind) {
    case "number":
    case "integer": {
      const number = Number(text);
      if (!Number.isFinite(number)) return { problem: `"${text}" is not a number.` };
      if (kind === "integer" && !Number.isInteger(number)) return { problem: "This must be a whole number." };
      if (min !== undefined && number < min) return { problem: `This must be at least ${min}.` };
      if (max !== undefined && number > max) return { problem: `This must be at most ${max}.` };
      return { value: number };
    }
    case "boolean":
      return { value: text === "true" };
    case "choice":
      if (!field.choices.includes(text)) return { problem: "Choose one of the list." };
      return { value: JSON.parse(text) as unknown };
    case "datetime": {
      const date = new Date(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
      return Number.isNaN(date.getTime())
        ? { problem: `"${text}" is not a date with time.` }
        : { value: date.toISOString() };
    }
    case "date":
      return /^\d{4}-\d\d-\d\d$/.test(text) ? { value: text } : { problem: `"${text}" is not a date.` };
    case "list":
      return {
        value: text
          .split(/\r?\n/)
          .filter((line) => line.trim() !== "")
          .map((line) => line.trim()),
      };
    case "numbers": {
      const numbers = text
        .split(/[\s,]+/)
        .filter((part) => part !== "")
        .map(Number);
      return numbers.every(Number.isFinite) ? { value: numbers } : { problem: "One number per line." };
    }
    case "json":
      return parseJson(text);
    default:
      if (min !== undefined && text.length < min) return { problem: `This must have at least ${min} characters.` };
      if (max !== undefined && text.length > max) return { problem: `This may have at most ${max} characters.` };
      return { value: text };
  }
}

/** JSON, or where it breaks. */
export function parseJson(text: string): { value?: unknown; problem?: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = Number(/position (\d+)/.exec(message)?.[1] ?? Number.NaN);
    if (Number.isNaN(position)) return { problem: `This is not JSON: ${message}` };
    const before = text.slice(0, position).split("\n");
    return {
      problem: `This is not JSON: line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${message}`,
    };
  }
}
