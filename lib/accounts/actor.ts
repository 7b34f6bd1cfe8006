import type { UserId } from "@/lib/ids";
import { NotAllowedError, SignInNeededError } from "./errors";

/** Who asks. Use cases take it and decide for themselves what it may do. */
export type Actor =
  | { kind: "shopper" }
  | { kind: "customer"; userId: UserId; email: string; name: string }
  | { kind: "system" }
  | { kind: "staff"; userId: string; role: "owner" | "staff"; email: string };

export type StaffActor = Extract<Actor, { kind: "staff" }>;

/** A shopper who is signed in. */
export type CustomerActor = Extract<Actor, { kind: "customer" }>;

/** Lets shoppers pass who are signed in, nobody else. @throws SignInNeededError */
export function requireCustomer(actor: Actor): asserts actor is CustomerActor {
  if (actor.kind !== "customer") throw new SignInNeededError();
}

/** Lets staff and owners pass, nobody else; background work does not pass for a person. @throws NotAllowedError */
export function requireStaff(actor: Actor): asserts actor is StaffActor {
  if (actor.kind !== "staff") throw new NotAllowedError();
}
