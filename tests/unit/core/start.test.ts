import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const script = 'import("./instrumentation.ts").then(({ register }) => register()).then(() => console.log("started"))';

function start(env: Record<string, string>) {
  return spawnSync(process.execPath, ["--import", "tsx", "--eval", script], {
    env: { ...env, PATH: process.env.PATH ?? "", NODE_ENV: "production" },
    encoding: "utf8",
  });
}

const complete = {
  DATABASE_URL: "postgres://u:p@127.0.0.1:5432/shop",
  STORE_URL: "http://localhost:3000",
  BETTER_AUTH_SECRET: "x".repeat(32),
  STRIPE_SECRET_KEY: "sk_test_1",
  STRIPE_WEBHOOK_SECRET: "whsec_1",
  RESEND_API_KEY: "re_1",
  MAIL_FROM: "Shop <a@b.example>",
  S3_BUCKET: "shop",
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "id",
  AWS_SECRET_ACCESS_KEY: "secret",
  TRIGGER_SECRET_KEY: "tr_dev_1",
  TRIGGER_PROJECT_REF: "proj_1",
};

test("the web server starts with a complete environment", () => {
  expect(start(complete)).toMatchObject({ status: 0, stdout: "started\n" });
});

test("a missing setting stops the web server with a sentence naming it", () => {
  const { STRIPE_SECRET_KEY: _, ...incomplete } = complete;

  const { status, stderr } = start(incomplete);

  expect(status).toBe(1);
  expect(stderr).toBe(
    "The store cannot start.\nSTRIPE_SECRET_KEY is not set. In .env.example: STRIPE_SECRET_KEY=sk_test_replace_me\n",
  );
});
