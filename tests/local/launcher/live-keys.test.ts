import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addressesOf, baseEnvironment, storeSettings } from "@/local/launcher/environment";
import { findLiveKeys } from "@/local/launcher/live-keys";
import { defaultPorts } from "@/local/launcher/options";
import { loadSecrets } from "@/local/launcher/state";
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

test("nothing a .env file or the caller's environment says reaches the store, as Next.js itself reads them", async () => {
  const folder = await temporaryFolder();
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
  const env = { ...baseEnvironment(inherited, folder, "test"), ...settings, NODE_ENV: "production" as const };
  const require = createRequire(join(process.cwd(), "node_modules/next/package.json"));
  const script = `require(${JSON.stringify(require.resolve("@next/env"))}).loadEnvConfig(process.argv[1], false, { info() {}, error() {} });
    console.log(JSON.stringify(process.env))`;

  const { stdout } = spawnSync(process.execPath, ["-e", script, folder], { env, encoding: "utf8" });

  const seen = JSON.parse(stdout) as Record<string, string>;
  expect(Object.entries(seen).filter(([, value]) => value.includes("mine"))).toEqual([]);
  expect(seen).toMatchObject({ ...settings, HOME: "/home/ada" });
});
