import { getSessionCookie } from "better-auth/cookies";
import type { Actor } from "./actor";
import { auth, cookiePrefix } from "./auth";

/** Who sent a request with these headers. A session that is unknown, ended or forged is a shopper without one. */
export async function findActor(headers: Headers): Promise<Actor> {
  // Most requests are a guest's, and need no looking up to be known as one.
  if (!getSessionCookie(headers, { cookiePrefix })) return { kind: "shopper" };
  const found = await auth().api.getSession({ headers });
  const user = found?.user;
  if (user?.role !== "owner" && user?.role !== "staff") return { kind: "shopper" };
  return { kind: "staff", userId: user.id, role: user.role, email: user.email };
}
