import { describe, expect, it } from "vitest";
import { securityHeaders } from "@/app/_server/security-headers";

const local = {
  STORE_URL: "http://localhost:3000",
  TRIGGER_API_URL: "http://127.0.0.1:3030",
  STRIPE_API_URL: "http://127.0.0.1:3041",
  S3_BUCKET: "shopfloor",
  AWS_REGION: "eu-central-1",
  AWS_ENDPOINT_URL_S3: "http://127.0.0.1:3043",
};
const live = {
  ...local,
  STORE_URL: "https://shop.example",
  TRIGGER_API_URL: "https://api.trigger.dev",
  STRIPE_API_URL: undefined,
  AWS_ENDPOINT_URL_S3: undefined,
};

function policyOf(settings: Parameters<typeof securityHeaders>[0]["settings"], path = "/") {
  const headers = securityHeaders({ nonce: "n0nce", settings, development: false, path });
  const directives = (headers["content-security-policy"] ?? "").split("; ").map((directive) => directive.split(" "));
  return { headers, policy: new Map(directives.map(([name = "", ...sources]) => [name, sources])) };
}

describe("the policy of every page", () => {
  it("lets only scripts with this request's nonce run, and never inline or evaluated ones", () => {
    const { policy } = policyOf(live);

    expect(policy.get("script-src")).toEqual(["'self'", "'nonce-n0nce'", "'strict-dynamic'"]);
    expect(policy.get("default-src")).toEqual(["'self'"]);
    expect(policy.get("object-src")).toEqual(["'none'"]);
  });

  it("lets pages talk to the task platform and the file store at the addresses of the settings, nobody else", () => {
    expect(policyOf(local).policy.get("connect-src")).toEqual([
      "'self'",
      "http://127.0.0.1:3030",
      "http://127.0.0.1:3043",
      "http://shopfloor.127.0.0.1:3043",
    ]);
    expect(policyOf(live).policy.get("connect-src")).toEqual([
      "'self'",
      "https://api.trigger.dev",
      "https://shopfloor.s3.eu-central-1.amazonaws.com",
      "https://s3.eu-central-1.amazonaws.com",
    ]);
  });

  it("lets a form end on Stripe's page: a redirect after checkout counts as the form's target", () => {
    expect(policyOf(live).policy.get("form-action")).toEqual(["'self'", "https://checkout.stripe.com"]);
    expect(policyOf(local).policy.get("form-action")).toEqual([
      "'self'",
      "http://127.0.0.1:3041",
      "http://localhost:3041",
    ]);
  });

  it("forbids frames, and keeps addresses, which may hold an order's secret, from other sites", () => {
    const { headers, policy } = policyOf(live);

    expect(policy.get("frame-ancestors")).toEqual(["'none'"]);
    expect(headers["referrer-policy"]).toBe("same-origin");
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  it("tells nobody, the store included, the address that sets a password, and lets its form be posted", () => {
    // "no-referrer" would keep the address as well, but has browsers post forms with the origin "null".
    expect(policyOf(live, "/sign-in/reset").headers["referrer-policy"]).toBe("strict-origin");
    expect(policyOf(live, "/sign-in").headers["referrer-policy"]).toBe("same-origin");
  });

  it("asks for HTTPS only where the store has it", () => {
    expect(policyOf(live).headers["strict-transport-security"]).toContain("max-age=");
    expect(policyOf(local).headers["strict-transport-security"]).toBeUndefined();
    expect(policyOf(local).policy.has("upgrade-insecure-requests")).toBe(false);
  });
});
