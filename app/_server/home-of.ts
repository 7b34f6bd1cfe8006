import { findActor } from "@/lib/accounts/find-actor";
import { routes } from "@/lib/routes";

/** Where somebody goes who was signed in by these `Set-Cookie` headers: staff to work, shoppers to their account. */
export async function homeOf(setCookies: readonly string[]): Promise<"/admin" | "/account"> {
  const session = new Headers({ cookie: setCookies.map((cookie) => cookie.split(";")[0]).join("; ") });
  return (await findActor(session)).kind === "staff" ? routes.admin() : routes.account();
}
