import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { db } from "@/lib/db/client";
import { env } from "@/lib/env";
import { newId } from "@/lib/ids";

export const cookiePrefix = "shopfloor";

const dayS = 24 * 60 * 60;

/**
 * better-auth over our own tables. None of its endpoints is served: registering, signing in and out go through our own use
 * cases, and nobody can choose a role or change one over HTTP.
 */
function makeAuth() {
  const { STORE_URL, BETTER_AUTH_SECRET } = env();
  return betterAuth({
    appName: "Shopfloor",
    baseURL: STORE_URL,
    secret: BETTER_AUTH_SECRET,
    telemetry: { enabled: false },
    logger: { level: "error" },
    database: prismaAdapter(db(), { provider: "postgresql", transaction: true }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 8, maxPasswordLength: 128 },
    user: { additionalFields: { role: { type: ["owner", "staff", "customer"], input: false, required: false } } },
    // Server components cannot set cookies, so a session is not prolonged behind the browser's back: it ends when it ends.
    session: { expiresIn: 7 * dayS, disableSessionRefresh: true },
    advanced: {
      cookiePrefix,
      useSecureCookies: STORE_URL.startsWith("https://"),
      database: { generateId: ({ model }) => (model === "user" ? newId("user") : crypto.randomUUID()) },
    },
  });
}

let made: ReturnType<typeof makeAuth> | undefined;

/** The one better-auth instance of this process, made at first use. */
export function auth(): ReturnType<typeof makeAuth> {
  made ??= makeAuth();
  return made;
}
