import { type NextRequest, NextResponse } from "next/server";
import { securityHeaders } from "@/app/_server/security-headers";
import { env } from "@/lib/env";

/** Gives every page its security headers. Next reads the nonce for its own scripts from the request's policy. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = crypto.randomUUID().replaceAll("-", "");
  // biome-ignore lint/style/noProcessEnv: not a setting: the bundler puts the kind of build here
  const development = process.env.NODE_ENV === "development";
  const path = request.nextUrl.pathname;
  const headers = securityHeaders({ nonce, settings: env(), development, path });
  const forwarded = new Headers(request.headers);
  forwarded.set("content-security-policy", headers["content-security-policy"] ?? "");
  const response = NextResponse.next({ request: { headers: forwarded } });
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

/** Pages only: routes that answer with data or files set their own headers. */
export const config = { matcher: ["/((?!api/|_next/|admin/reports/[^/]+/pdf|icon\\.svg).*)"] };
