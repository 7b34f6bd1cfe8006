import { DomainError } from "@/lib/errors";

/** The caller is not somebody who may do this. */
export class NotAllowedError extends DomainError {
  constructor() {
    super({
      code: "not-allowed",
      kind: "forbidden",
      publicMessage: "Only staff of the store can do this. Sign in with a staff account and try again.",
    });
  }
}

/** Only a shopper with an account has what this is about. */
export class SignInNeededError extends DomainError {
  constructor() {
    super({
      code: "sign-in-needed",
      kind: "forbidden",
      publicMessage: "Sign in to your account first. Your session may have ended.",
    });
  }
}

/** The e-mail is unknown or the password wrong: which of the two is not told. */
export class WrongCredentialsError extends DomainError {
  constructor(cause?: unknown) {
    super({
      code: "wrong-credentials",
      kind: "forbidden",
      publicMessage: "That e-mail and password do not belong together. Check both and try again.",
      cause,
    });
  }
}

/** Somebody has an account with this e-mail. */
export class EmailTakenError extends DomainError {
  constructor() {
    super({
      code: "email-taken",
      kind: "conflict",
      publicMessage:
        "There is an account with this e-mail already. Sign in instead. If you have no password for it, you can set one there.",
    });
  }
}

/** Too many tries to sign in to one account. */
export class TooManyAttemptsError extends DomainError {
  constructor() {
    super({
      code: "too-many-attempts",
      kind: "forbidden",
      publicMessage: "There were too many tries to sign in with this e-mail. Wait five minutes, then try again.",
    });
  }
}

/** Too many shoppers make an account at once, or somebody makes very many. */
export class TooManyRegistrationsError extends DomainError {
  constructor() {
    super({
      code: "too-many-registrations",
      kind: "forbidden",
      publicMessage: "Very many accounts are being made just now. Wait a minute, then try again.",
    });
  }
}

/** Mails to one address that set a password were asked for too often. */
export class TooManyResetMailsError extends DomainError {
  constructor() {
    super({
      code: "too-many-reset-mails",
      kind: "forbidden",
      publicMessage:
        "Five mails were asked for with this e-mail within an hour, and each link is good for an hour. Look among your spam as well, or wait an hour, then try again.",
    });
  }
}

/** Very many people forget their password at once, or somebody asks for very many mails. */
export class TooManyResetsError extends DomainError {
  constructor() {
    super({
      code: "too-many-resets",
      kind: "forbidden",
      publicMessage: "Very many passwords are being set just now. Wait a minute, then try again.",
    });
  }
}

/** The link is none of the store's, too old, or has done its work. */
export class ResetLinkError extends DomainError {
  constructor() {
    super({
      code: "reset-link",
      kind: "forbidden",
      publicMessage: "This link does not work, or not any more: each sets a password once, within an hour.",
    });
  }
}

/** Whoever is to be staff has an account as a shopper, whose password and role are not ours to change. */
export class CustomerEmailError extends DomainError {
  constructor(email: string) {
    super({
      code: "customer-email",
      kind: "conflict",
      publicMessage:
        "A customer has an account with this e-mail, so it cannot be a staff account. Use another address.",
      message: `${email} is the e-mail of a customer's account, so no staff account was made. Use another address.`,
    });
  }
}
