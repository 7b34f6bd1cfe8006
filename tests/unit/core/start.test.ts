import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { completeSettings } from "@/tests/support/complete-settings";

const script = 'import("./instrumentation.ts").then(({ register }) => register()).then(() => console.log("started"))';

function start(env: Record<string, string>) {
  return spawnSync(process.execPath, ["--import", "tsx", "--eval", script], {
    env: { ...env, PATH: process.env.PATH ?? "", NODE_ENV: "production" },
    encoding: "utf8",
  });
}

test("the web server starts with a complete environment", () => {
  expect(start(completeSettings)).toMatchObject({ status: 0, stdout: "started\n" });
});

test("a missing setting stops the web server with a sentence naming it", () => {
  const { STRIPE_SECRET_KEY: _, ...incomplete } = completeSettings;

  const { status, stderr } = start(incomplete);

  expect(status).toBe(1);
  expect(stderr).toBe(
    "The store cannot start.\nSTRIPE_SECRET_KEY is not set. In .env.example: STRIPE_SECRET_KEY=sk_test_replace_me\n",
  );
});
