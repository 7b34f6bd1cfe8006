import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EnvError, parseEnv } from "@/lib/env";
import { completeSettings } from "@/tests/support/complete-settings";

describe("parseEnv", () => {
  test("takes a complete environment, fills what has a default and trims the slash of addresses", () => {
    const env = parseEnv({ ...completeSettings, RESEND_BASE_URL: "" });

    expect(env.STORE_URL).toBe("http://localhost:3000");
    expect(env.TRIGGER_API_URL).toBe("https://api.trigger.dev");
    expect(env.RESEND_BASE_URL).toBeUndefined();
  });

  test.each(Object.keys(completeSettings))("names %s when it is missing, with its line of .env.example", (name) => {
    const line = readFileSync(".env.example", "utf8")
      .split("\n")
      .find((candidate) => candidate.startsWith(`${name}=`));

    expect(line).toBeDefined();
    expect(() => parseEnv({ ...completeSettings, [name]: undefined })).toThrow(
      `${name} is not set. In .env.example: ${line}`,
    );
  });

  test("names a wrong variable without repeating its value", () => {
    const run = () => parseEnv({ ...completeSettings, STRIPE_SECRET_KEY: "pk_live_secretish" });

    expect(run).toThrow(EnvError);
    expect(run).toThrow(/STRIPE_SECRET_KEY is wrong: does not begin with sk_ or rk_/);
    expect(run).not.toThrow(/secretish/);
  });

  test("names every variable at once, not one per start", () => {
    expect(() => parseEnv({})).toThrow(/DATABASE_URL[\s\S]*STORE_URL[\s\S]*TRIGGER_PROJECT_REF/);
  });

  test("refuses the values of .env.example themselves", () => {
    expect(() => parseEnv({ ...completeSettings, STRIPE_SECRET_KEY: "sk_test_replace_me" })).toThrow(
      /still the example's value/,
    );
  });
});
