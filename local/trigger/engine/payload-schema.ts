/** As much of JSON schema as a form needs. */
export type Schema = {
  type?: unknown;
  properties?: Record<string, Schema>;
  required?: unknown;
  items?: unknown;
  enum?: unknown;
  const?: unknown;
  anyOf?: unknown;
  oneOf?: unknown;
  format?: unknown;
  minimum?: unknown;
  maximum?: unknown;
  minLength?: unknown;
  maxLength?: unknown;
  description?: unknown;
  default?: unknown;
  $ref?: unknown;
};

export type FieldKind =
  | "text"
  | "long"
  | "number"
  | "integer"
  | "boolean"
  | "choice"
  | "date"
  | "datetime"
  | "object"
  | "list"
  | "numbers"
  | "json";

export type Kind = { schema: Schema; kind: FieldKind; isNullable: boolean; choices: string[] };

const longFrom = 200;

/** Which field fits a part of a schema; JSON for everything that is not one of the simple ones. */
export function kindOf(root: Schema, part: unknown, isDeep: boolean): Kind {
  const { schema, isNullable } = withoutNull(root, resolve(root, part));
  const as = (kind: FieldKind, choices: string[] = []): Kind => ({ schema, kind, isNullable, choices });
  if (Array.isArray(schema.enum))
    return as(
      "choice",
      schema.enum.filter((one) => one !== null).map((one) => JSON.stringify(one)),
    );
  if (schema.const !== undefined) return as("choice", [JSON.stringify(schema.const)]);
  switch (schema.type) {
    case "string":
      if (schema.format === "date-time") return as("datetime");
      if (schema.format === "date") return as("date");
      return as(typeof schema.maxLength === "number" && schema.maxLength > longFrom ? "long" : "text");
    case "number":
    case "integer":
    case "boolean":
      return as(schema.type);
    case "object":
      return as(schema.properties && !isDeep ? "object" : "json");
    case "array": {
      const items = resolve(root, schema.items);
      if (items.type === "string" && !items.enum) return as("list");
      return as(items.type === "number" || items.type === "integer" ? "numbers" : "json");
    }
    default:
      return as("json");
  }
}

/** `string | null` and the like are a string that may be left empty. */
function withoutNull(root: Schema, schema: Schema): { schema: Schema; isNullable: boolean } {
  const options = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (options) {
    const parts = options.map((option) => resolve(root, option));
    const real = parts.filter((part) => part.type !== "null");
    if (real.length === 1 && real[0])
      return {
        schema: { ...real[0], description: schema.description ?? real[0].description },
        isNullable: parts.length > 1,
      };
    // A union of constants is a choice.
    if (real.length > 1 && real.every((part) => part.const !== undefined))
      return { schema: { ...schema, enum: real.map((part) => part.const) }, isNullable: parts.length > real.length };
    return { schema, isNullable: parts.length > real.length };
  }
  if (!Array.isArray(schema.type)) return { schema, isNullable: false };
  const types = schema.type.filter((type) => type !== "null");
  return {
    schema: { ...schema, type: types.length === 1 ? types[0] : undefined },
    isNullable: types.length < schema.type.length,
  };
}

function resolve(root: Schema, part: unknown, depth = 0): Schema {
  const schema = typeof part === "object" && part !== null ? (part as Schema) : {};
  if (typeof schema.$ref !== "string" || !schema.$ref.startsWith("#") || depth > 5) return schema;
  let target: unknown = root;
  for (const key of schema.$ref
    .slice(1)
    .split("/")
    .filter((step) => step !== "")) {
    target =
      typeof target === "object" && target !== null
        ? (target as Record<string, unknown>)[decodeURIComponent(key)]
        : undefined;
  }
  return resolve(root, target, depth + 1);
}
