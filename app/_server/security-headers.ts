import type { Env } from "@/lib/env";
import { routes } from "@/lib/routes";

type Settings = Pick<
  Env,
  "STORE_URL" | "TRIGGER_API_URL" | "STRIPE_API_URL" | "S3_BUCKET" | "AWS_REGION" | "AWS_ENDPOINT_URL_S3"
>;

/** Where the browser uploads import files to: S3 signs addresses with the bucket in the host or in the path. */
function uploadOrigins({ AWS_ENDPOINT_URL_S3, AWS_REGION, S3_BUCKET }: Settings): string[] {
  if (!AWS_ENDPOINT_URL_S3)
    return [`https://${S3_BUCKET}.s3.${AWS_REGION}.amazonaws.com`, `https://s3.${AWS_REGION}.amazonaws.com`];
  const { protocol, host, origin } = new URL(AWS_ENDPOINT_URL_S3);
  return [origin, `${protocol}//${S3_BUCKET}.${host}`];
}

/**
 * Where checkout ends: a form's redirects count as the form's target. Stripe's page on another address than Stripe's own
 * may call a loopback address by its name.
 */
function paymentOrigins({ STRIPE_API_URL }: Settings): string[] {
  if (!STRIPE_API_URL) return ["https://checkout.stripe.com"];
  const { origin } = new URL(STRIPE_API_URL);
  return [...new Set([origin, origin.replace("//127.0.0.1", "//localhost")])];
}

/**
 * No other site is told an address of ours: an order's link holds its secret. The page that sets a password tells its
 * address nobody at all, only the store's name. That it is not "no-referrer" is for its form: a browser would post that
 * with the origin "null", which is refused.
 */
function referrerPolicy(path: string): "strict-origin" | "same-origin" {
  return path === routes.resetPasswordPage() ? "strict-origin" : "same-origin";
}

/**
 * The headers that the page at `path` carries. Scripts run only with this request's nonce; no page can be framed, sends its
 * address to another site, or talks to anybody but this store, the task platform and the file store.
 */
export function securityHeaders({
  nonce,
  settings,
  development,
  path,
}: {
  nonce: string;
  settings: Settings;
  development: boolean;
  path: string;
}): Record<string, string> {
  const isHttps = settings.STORE_URL.startsWith("https://");
  const policy: Record<string, string[]> = {
    "default-src": ["'self'"],
    // Next's development server evaluates code and injects styles.
    "script-src": ["'self'", `'nonce-${nonce}'`, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])],
    "style-src": ["'self'", development ? "'unsafe-inline'" : `'nonce-${nonce}'`],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'", new URL(settings.TRIGGER_API_URL).origin, ...uploadOrigins(settings)],
    "form-action": ["'self'", ...paymentOrigins(settings)],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    ...(isHttps && { "upgrade-insecure-requests": [] }),
  };
  return {
    "content-security-policy": Object.entries(policy)
      .map(([directive, sources]) => [directive, ...sources].join(" "))
      .join("; "),
    "referrer-policy": referrerPolicy(path),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
    ...(isHttps && { "strict-transport-security": "max-age=31536000; includeSubDomains" }),
  };
}
