import { NotAllowedError } from "./errors";

/** Who asks. Use cases take it and decide for themselves what it may do. */
export type Actor =
  | { kind: "shopper" }
  | { kind: "system" }
  | { kind: "staff"; userId: string; role: "owner" | "staff"; email: string };

export type StaffActor = Extract<Actor, { kind: "staff" }>;

/** Lets staff and owners pass, nobody else; background work does not pass for a person. @throws NotAllowedError */
export function requireStaff(actor: Actor): asserts actor is StaffActor {
  if (actor.kind !== "staff") throw new NotAllowedError();
}
