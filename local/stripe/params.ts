import { z } from "zod";
import type { FormValue } from "./form";
import { invalidRequest } from "./wire";

/** Ties a parameter shape to the SDK's own parameter type, so that a name Stripe does not have does not compile. */
export type ShapeOf<Params> = { [Name in keyof Params]?: z.ZodType };

const issue = (code: string, message: string) => ({ code: "custom" as const, message, params: { code } });

/** Text that is not empty. */
export const text = (maxLength = 5000) =>
  z
    .string()
    .min(1, { error: "empty" })
    .max(maxLength, { error: `Invalid string: must be at most ${maxLength} characters` });

/** A whole number. */
export const integer = (bounds: { min?: number; max?: number } = {}) =>
  z.string().transform((value, context) => {
    const number = Number(value);
    if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(number)) {
      context.addIssue(issue("parameter_invalid_integer", `Invalid integer: ${value}`));
    } else if (bounds.min !== undefined && number < bounds.min) {
      context.addIssue(
        issue("parameter_invalid_integer", `This value must be greater than or equal to ${bounds.min}.`),
      );
    } else if (bounds.max !== undefined && number > bounds.max) {
      context.addIssue(issue("parameter_invalid_integer", `This value must be less than or equal to ${bounds.max}.`));
    }
    return number;
  });

export const flag = () =>
  z.string().transform((value, context) => {
    if (value !== "true" && value !== "false") context.addIssue(issue("", `Invalid boolean: ${value}`));
    return value === "true";
  });

export const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(", ")}` });

/** A list, sent as `name[0]=…`. */
export const list = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (value) => (typeof value === "object" && value !== null ? Object.values(value) : value),
    z.array(item, { error: "Invalid array" }),
  );

/** Up to 50 keys of 40 characters with values of 500; an empty value unsets a key, an empty parameter all of them. */
export const metadata = () =>
  z.union([z.literal("").transform(() => null), z.record(z.string().max(40), z.string().max(500))]);

const currencies = new Set(Intl.supportedValuesOf("currency").map((code) => code.toLowerCase()));

export const currency = () =>
  z
    .string()
    .toLowerCase()
    .refine((code) => currencies.has(code), {
      error: (context) => `Invalid currency: ${String(context.input)}. Give a three-letter ISO code.`,
    });

/** How often a price is charged. */
export const recurring = () =>
  z.strictObject({
    interval: oneOf(["day", "week", "month", "year"]),
    interval_count: integer({ min: 1, max: 1095 }).optional(),
    usage_type: oneOf(["licensed"]).optional(),
  });

export const webAddress = () =>
  z.string().refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), {
    error: "Not a valid URL",
    params: { code: "url_invalid" },
  });

export const address = () =>
  z.strictObject({
    city: text().optional(),
    country: text(2).optional(),
    line1: text().optional(),
    line2: z.string().optional(),
    postal_code: text().optional(),
    state: z.string().optional(),
  });

export const shipping = () => z.strictObject({ address: address(), name: text(), phone: z.string().optional() });

/** Bounds on a time, as lists take them: `created[gte]=…` or an exact `created=…`. */
export const timeRange = () =>
  z.union([
    integer(),
    z.strictObject({
      gt: integer().optional(),
      gte: integer().optional(),
      lt: integer().optional(),
      lte: integer().optional(),
    }),
  ]);

/** Checks parameters against a shape; the first thing wrong becomes Stripe's error for it. */
export function parseParams<Output>(shape: z.ZodType<Output>, params: { [name: string]: FormValue }): Output {
  const parsed = shape.safeParse(params);
  if (parsed.success) return parsed.data;
  throw toApiError(parsed.error.issues[0], params);
}

function toApiError(found: z.core.$ZodIssue | undefined, params: { [name: string]: FormValue }) {
  if (!found) return invalidRequest("Invalid parameters.");
  if (found.code === "invalid_union") {
    const inner = found.errors.find((issues) => issues[0]?.code !== "invalid_value")?.[0];
    if (inner) return toApiError({ ...inner, path: [...found.path, ...inner.path] }, params);
  }
  const param = paramName(found.path);
  if (found.code === "unrecognized_keys") {
    const unknown = paramName([...found.path, found.keys[0] ?? ""]);
    return invalidRequest(`Received unknown parameter: ${unknown} (or one that the local Stripe does not know yet)`, {
      code: "parameter_unknown",
      param: unknown,
    });
  }
  if (valueAt(params, found.path) === undefined) {
    return invalidRequest(`Missing required param: ${param}.`, { code: "parameter_missing", param });
  }
  if (found.message === "empty") {
    return invalidRequest(
      `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset.`,
      { code: "parameter_invalid_empty", param },
    );
  }
  if (found.code === "custom") {
    const code = typeof found.params?.code === "string" && found.params.code !== "" ? found.params.code : undefined;
    return invalidRequest(found.message, { param, ...(code ? { code } : {}) });
  }
  return invalidRequest(`Invalid ${param}: ${found.message}`, { param });
}

function paramName(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (index === 0 ? String(part) : `[${String(part)}]`)).join("");
}

function valueAt(params: FormValue, path: readonly PropertyKey[]): FormValue | undefined {
  let value: FormValue | undefined = params;
  for (const part of path) {
    if (typeof value !== "object") return undefined;
    value = value[String(part)];
  }
  return value;
}
