import { countAttempt } from "./count-attempt";
import { TooManyRegistrationsError } from "./errors";

const windowMs = 60 * 1000;
const registrationsMax = 60;

/**
 * Counts one try to make an account and refuses the sixty-first within a minute, whoever sends them: each costs the
 * hashing of a password and may leave a row, and an address is whatever the sender likes.
 *
 * @throws TooManyRegistrationsError
 */
export async function countRegistration({ now }: { now: Date }): Promise<void> {
  if ((await countAttempt({ key: "register", windowMs, now })) > registrationsMax)
    throw new TooManyRegistrationsError();
}
