import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addressesOf, baseEnvironment, envFileText, storeSettings } from "@/local/launcher/environment";
import { findLiveKeys } from "@/local/launcher/live-keys";
import { defaultPorts } from "@/local/launcher/options";
import { loadSecrets } from "@/local/launcher/state";
import { readEnvFiles } from "@/local/trigger/worker/registration";
import { temporaryFolder } from "@/tests/support/temporary-folder";

test.each([
  ["STRIPE_SECRET_KEY", "sk_live_abc"],
  ["BILLING_KEY", "rk_live_abc"],
  ["TRIGGER_SECRET_KEY", "tr_prod_abc"],
  ["RESEND_API_KEY", "re_abc"],
  ["MAILER", "re_c1tpEyD8_NKFusih9vKVQknRAQfmFcWCv"],
])("%s=%s in the environment or a .env file is refused by name, and its value is not repeated", async (name, value) => {
  const folder = await temporaryFolder();
  const inEnvironment = findLiveKeys(folder, { NODE_ENV: "test", [name]: value });
  await writeFile(join(folder, ".env.local"), `${name}="${value}"\n`);

  const inFile = findLiveKeys(folder, { NODE_ENV: "test" });

  expect(inEnvironment).toEqual([expect.stringContaining(`${name} in the environment is a live key`)]);
  expect(inFile).toEqual([expect.stringContaining(`${name} in .env.local is a live key`)]);
  expect(`${inEnvironment} ${inFile}`).not.toContain(value);
});

test("test keys, and .env.example as it was copied, are no hindrance", async () => {
  const environment = {
    NODE_ENV: "test" as const,
    STRIPE_SECRET_KEY: "sk_test_replace_me",
    RESEND_API_KEY: "re_replace_me",
    TRIGGER_SECRET_KEY: "tr_dev_replace_me",
    RETRIES: "re_try",
  };

  expect(findLiveKeys(await temporaryFolder(), environment)).toEqual([]);
});

test("the demo does not start beside a live key, and says which", () => {
  const demo = join(process.cwd(), "local/bin/demo.mjs");
  const env = { ...process.env, STRIPE_SECRET_KEY: "sk_live_abc" };

  const { status, stderr } = spawnSync(process.execPath, [demo], { env, encoding: "utf8" });

  expect(status).toBe(1);
  expect(stderr).toContain("STRIPE_SECRET_KEY in the environment is a live key");
});

/** What a process of the world starts with, in a project whose .env and whose caller's environment are a person's own. */
async function environmentBesideMine(folder: string) {
  const mine = [
    "STRIPE_SECRET_KEY=sk_test_mine",
    "DATABASE_URL=postgres://mine",
    "AWS_SESSION_TOKEN=mine",
    "OTHER=mine",
  ];
  await writeFile(join(folder, ".env"), mine.join("\n"));
  const inherited = { ...process.env, AWS_PROFILE: "mine", STRIPE_API_KEY: "mine", HOME: "/home/ada" };
  const secrets = await loadSecrets(folder);
  const settings = storeSettings(addressesOf(defaultPorts), secrets, "postgresql://postgres:x@127.0.0.1:1/postgres");
  const envFile = join(folder, "world-env");
  await writeFile(envFile, envFileText(settings));
  return { env: { ...baseEnvironment(inherited, folder, "test"), ...settings }, settings, envFile };
}

/** Runs a module's source in `folder` with `env` and reads the JSON it prints. */
function evaluate(folder: string, source: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", source], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Record<string, string>;
}

const valuesWith = (seen: Record<string, string>, text: string) =>
  Object.entries(seen).filter(([, value]) => value.includes(text));

test("nothing a .env file or the caller's environment says reaches the store, as Next.js itself reads them", async () => {
  const folder = await temporaryFolder();
  const { env, settings } = await environmentBesideMine(folder);
  const reader = createRequire(join(process.cwd(), "node_modules/next/package.json")).resolve("@next/env");

  const seen = evaluate(
    folder,
    `import next from ${JSON.stringify(reader)};
     next.loadEnvConfig(${JSON.stringify(folder)}, false, { info() {}, error() {} });
     console.log(JSON.stringify(process.env))`,
    { ...env, NODE_ENV: "production" },
  );

  expect(valuesWith(seen, "mine")).toEqual([]);
  expect(seen).toMatchObject({ ...settings, HOME: "/home/ada" });
});

test("nor does it reach the tasks, as the lean worker host reads them", async () => {
  const folder = await temporaryFolder();
  const { env, settings, envFile } = await environmentBesideMine(folder);

  const seen = { ...env, ...readEnvFiles(folder, envFile) } as Record<string, string>;

  expect(Object.entries(seen).filter(([, value]) => value?.includes("mine"))).toEqual([]);
  expect(seen).toMatchObject(settings);
});

test("nor does it reach the tasks, as the Trigger.dev command line itself reads them", async () => {
  const folder = await temporaryFolder();
  const { env, settings, envFile } = await environmentBesideMine(folder);
  const reader = join(process.cwd(), "node_modules/trigger.dev/dist/esm/utilities/localEnvVars.js");

  const seen = evaluate(
    folder,
    `import { resolveDevEnvVars } from ${JSON.stringify(reader)};
     const { env } = resolveDevEnvVars({ envFile: ${JSON.stringify(envFile)}, projectRef: "proj_shopfloor" });
     console.log(JSON.stringify(env))`,
    { ...env, NODE_ENV: "development" },
  );

  expect(valuesWith(seen, "mine")).toEqual([]);
  expect(seen).toMatchObject(settings);
});
