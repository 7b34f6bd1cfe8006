import type { Actor } from "./actor";
import { auth } from "./auth";

/** Who sent a request with these headers. A session that is unknown, ended or forged is a shopper without one. */
export async function findActor(headers: Headers): Promise<Actor> {
  const found = await auth().api.getSession({ headers });
  const user = found?.user;
  if (user?.role !== "owner" && user?.role !== "staff") return { kind: "shopper" };
  return { kind: "staff", userId: user.id, role: user.role, email: user.email };
}
