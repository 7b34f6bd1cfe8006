import { getSessionCookie } from "better-auth/cookies";
import type { UserId } from "@/lib/ids";
import type { Actor } from "./actor";
import { auth, cookiePrefix } from "./auth";

/** Who sent a request with these headers. A session that is unknown, ended or forged is a shopper without one. */
export async function findActor(headers: Headers): Promise<Actor> {
  // Most requests are a guest's, and need no looking up to be known as one.
  if (!getSessionCookie(headers, { cookiePrefix })) return { kind: "shopper" };
  const found = await auth().api.getSession({ headers });
  const user = found?.user;
  if (!user) return { kind: "shopper" };
  const { id, role, email, name } = user;
  if (role === "owner" || role === "staff") return { kind: "staff", userId: id, role, email };
  return { kind: "customer", userId: id as UserId, email, name };
}
