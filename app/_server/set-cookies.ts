import { parseSetCookieHeader, toCookieOptions } from "better-auth/cookies";
import { cookies } from "next/headers";

/** Hands the browser the cookies that a use case answered as `Set-Cookie` headers. */
export async function setCookies(headers: readonly string[]): Promise<void> {
  const jar = await cookies();
  for (const header of headers)
    for (const [name, cookie] of parseSetCookieHeader(header)) jar.set(name, cookie.value, toCookieOptions(cookie));
}
