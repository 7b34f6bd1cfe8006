import { DomainError } from "@/lib/errors";

/** The mail service will not take this mail, now or later: a wrong address, a sender it does not know, a bad attachment. */
export class MailRefusedError extends DomainError {
  constructor(reason: string) {
    super({
      code: "mail-refused",
      kind: "invalid",
      publicMessage: "The mail could not be sent: the mail service refused it. Check the address.",
      message: `Resend refused the mail: ${reason}`,
    });
  }
}
