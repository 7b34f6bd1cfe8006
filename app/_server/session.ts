import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Actor, CustomerActor, StaffActor } from "@/lib/accounts/actor";
import { findActor } from "@/lib/accounts/find-actor";
import { routes } from "@/lib/routes";

/** Who sent the request that is being answered; asked of the database at most once a request. */
export const currentActor = cache(async (): Promise<Actor> => findActor(await headers()));

/** For pages of the account: shoppers who are signed in go on, everybody else is sent to sign in. */
export async function requireCustomerActor(): Promise<CustomerActor> {
  const actor = await currentActor();
  if (actor.kind !== "customer") redirect(routes.signIn());
  return actor;
}

/** For pages of the admin: staff go on, everybody else is sent to sign in. The domain checks again. */
export async function requireStaffActor(): Promise<StaffActor> {
  const actor = await currentActor();
  if (actor.kind !== "staff") redirect(routes.signIn());
  return actor;
}
