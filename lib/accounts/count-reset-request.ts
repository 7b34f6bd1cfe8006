import { countAttempt } from "./count-attempt";
import { TooManyResetMailsError, TooManyResetsError } from "./errors";

const minuteMs = 60 * 1000;
const requestsMax = 300;
/** As long as a link is good for: whoever is refused has had five, one of which still sets the password. */
const mailsWindowMs = 60 * minuteMs;
const mailsMax = 5;

/**
 * Counts one request for a mail that sets a password. Refuses the 301st of all within a minute, each of which leaves rows
 * and a run, and the sixth for one address within an hour. Whether the address has an account makes no difference.
 *
 * @throws TooManyResetsError, TooManyResetMailsError
 */
export async function countResetRequest({ email, now }: { email: string; now: Date }): Promise<void> {
  const requests = await countAttempt({ key: "password-reset", windowMs: minuteMs, now });
  if (requests > requestsMax) throw new TooManyResetsError();
  const mails = await countAttempt({ key: `password-reset:${email}`, windowMs: mailsWindowMs, now });
  if (mails > mailsMax) throw new TooManyResetMailsError();
}
