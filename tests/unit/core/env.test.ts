import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EnvError, parseEnv } from "@/lib/env";

const complete = {
  DATABASE_URL: "postgres://u:p@127.0.0.1:5432/shop",
  STORE_URL: "http://localhost:3000/",
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

describe("parseEnv", () => {
  test("takes a complete environment, fills what has a default and trims the slash of addresses", () => {
    const env = parseEnv({ ...complete, RESEND_BASE_URL: "" });

    expect(env.STORE_URL).toBe("http://localhost:3000");
    expect(env.TRIGGER_API_URL).toBe("https://api.trigger.dev");
    expect(env.RESEND_BASE_URL).toBeUndefined();
  });

  test.each(Object.keys(complete))("names %s when it is missing, with its line of .env.example", (name) => {
    const line = readFileSync(".env.example", "utf8")
      .split("\n")
      .find((candidate) => candidate.startsWith(`${name}=`));

    expect(line).toBeDefined();
    expect(() => parseEnv({ ...complete, [name]: undefined })).toThrow(`${name} is not set. In .env.example: ${line}`);
  });

  test("names a wrong variable without repeating its value", () => {
    const run = () => parseEnv({ ...complete, STRIPE_SECRET_KEY: "pk_live_secretish" });

    expect(run).toThrow(EnvError);
    expect(run).toThrow(/STRIPE_SECRET_KEY is wrong: does not begin with sk_ or rk_/);
    expect(run).not.toThrow(/secretish/);
  });

  test("names every variable at once, not one per start", () => {
    expect(() => parseEnv({})).toThrow(/DATABASE_URL[\s\S]*STORE_URL[\s\S]*TRIGGER_PROJECT_REF/);
  });

  test("refuses the values of .env.example themselves", () => {
    expect(() => parseEnv({ ...complete, STRIPE_SECRET_KEY: "sk_test_replace_me" })).toThrow(
      /still the example's value/,
    );
  });
});
