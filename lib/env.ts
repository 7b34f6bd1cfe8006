import { z } from "zod";

const url = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ""));
const optionalUrl = z.preprocess((value) => (value === "" ? undefined : value), url.optional());
const filled = z
  .string()
  .min(1)
  .refine((value) => !value.includes("replace"), "is still the example's value");

const Env = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\/.+/, "is not a postgres:// address"),
  STORE_URL: url,
  BETTER_AUTH_SECRET: filled.min(32, "needs at least 32 characters"),
  STRIPE_SECRET_KEY: filled.regex(/^(sk|rk)_/, "does not begin with sk_ or rk_"),
  STRIPE_WEBHOOK_SECRET: filled.regex(/^whsec_/, "does not begin with whsec_"),
  STRIPE_API_URL: optionalUrl,
  RESEND_API_KEY: filled.regex(/^re_/, "does not begin with re_"),
  RESEND_BASE_URL: optionalUrl,
  MAIL_FROM: z.string().regex(/@/, "is not a mail address"),
  S3_BUCKET: filled,
  AWS_REGION: filled,
  AWS_ACCESS_KEY_ID: filled,
  AWS_SECRET_ACCESS_KEY: filled,
  AWS_ENDPOINT_URL_S3: optionalUrl,
  CARRIER_URL: url,
  CARRIER_API_KEY: filled,
  TRIGGER_SECRET_KEY: filled.regex(/^tr_/, "does not begin with tr_"),
  TRIGGER_PROJECT_REF: filled.regex(/^proj_/, "does not begin with proj_"),
  TRIGGER_API_URL: z.preprocess((value) => value || undefined, url.default("https://api.trigger.dev")),
  IMPORT_ROWS_PER_SECOND: z.preprocess((value) => value || undefined, z.coerce.number().int().min(0).default(5_000)),
});

export type Env = z.infer<typeof Env>;

/** The line of `.env.example` for each variable, to show what a right one looks like. */
const example: Record<keyof Env, string> = {
  DATABASE_URL: "postgres://user:password@127.0.0.1:5432/shopfloor",
  STORE_URL: "http://localhost:3000",
  BETTER_AUTH_SECRET: "replace-me-with-at-least-32-random-characters",
  STRIPE_SECRET_KEY: "sk_test_replace_me",
  STRIPE_WEBHOOK_SECRET: "whsec_replace_me",
  STRIPE_API_URL: "",
  RESEND_API_KEY: "re_replace_me",
  RESEND_BASE_URL: "",
  MAIL_FROM: "Shopfloor <orders@shopfloor.example>",
  S3_BUCKET: "shopfloor",
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "replace-me",
  AWS_SECRET_ACCESS_KEY: "replace-me",
  AWS_ENDPOINT_URL_S3: "",
  CARRIER_URL: "https://carrier.example",
  CARRIER_API_KEY: "replace-me",
  TRIGGER_SECRET_KEY: "tr_dev_replace_me",
  TRIGGER_PROJECT_REF: "proj_replace_me",
  TRIGGER_API_URL: "https://api.trigger.dev",
  IMPORT_ROWS_PER_SECOND: "5000",
};

/** One or more environment variables are missing or wrong; the message names each with `.env.example`'s line. */
export class EnvError extends Error {
  override name = "EnvError";
}

/**
 * Reads and checks every setting of the store.
 *
 * @throws EnvError naming each variable that is missing or wrong, never its value.
 */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const parsed = Env.safeParse(source);
  if (parsed.success) return parsed.data;
  const sentences = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]) as keyof Env;
    const what = source[name] ? `is wrong: ${issue.message}` : "is not set";
    return `${name} ${what}. In .env.example: ${name}=${example[name]}`;
  });
  throw new EnvError([...new Set(sentences)].join("\n"));
}

let checked: Env | undefined;

/** The settings, checked at first use: at the start of the web server and of every worker, never while building. */
export function env(): Env {
  checked ??= parseEnv(process.env);
  return checked;
}
