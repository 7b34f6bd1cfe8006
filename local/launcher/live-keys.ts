import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** Every file that Next.js or the Trigger.dev command line would read by itself. */
const files = [
  ".env",
  ".env.local",
  ".env.development",
  ".env.development.local",
  ".env.production",
  ".env.production.local",
  ".env.test",
  ".env.test.local",
  "dev.vars",
];

const liveForms = [
  /^(sk|rk|pk)_live_/,
  /^tr_(prod|stg|preview)_/,
  // Resend's keys say nothing about being live: any that has their form is.
  /^re_[A-Za-z0-9]{6,}_[A-Za-z0-9]{12,}$/,
];

/** Names and values of all .env files of the project, later files over earlier ones. */
export function readEnvFiles(projectDir: string): Array<{ file: string; values: Record<string, string> }> {
  return files
    .map((file) => ({ file, path: join(projectDir, file) }))
    .filter(({ path }) => existsSync(path))
    .map(({ file, path }) => ({ file, values: parseEnv(readFileSync(path, "utf8")) as Record<string, string> }));
}

/**
 * A sentence for each variable, of this process or of a .env file, that holds a key which could move real money or
 * reach real people; nothing when there is none. A value is never part of the sentence.
 */
export function findLiveKeys(projectDir: string, environment: NodeJS.ProcessEnv): string[] {
  const sources = [
    { where: "the environment", values: environment },
    ...readEnvFiles(projectDir).map(({ file, values }) => ({ where: file, values })),
  ];
  return sources.flatMap(({ where, values }) =>
    Object.entries(values)
      .filter(([name, value]) => isLive(name, value ?? ""))
      .map(([name]) => `${name} in ${where} is a live key. Remove it there: the local shop must not run beside one.`),
  );
}

function isLive(name: string, value: string): boolean {
  const trimmed = value.trim();
  if (name === "RESEND_API_KEY" && /^re_/.test(trimmed)) return !/^re_(local|replace_me)/.test(trimmed);
  return liveForms.some((form) => form.test(trimmed));
}
