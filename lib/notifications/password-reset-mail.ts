import { html } from "./html";
import { button, mailLayout, paragraph } from "./mail-layout";
import type { Mail } from "./send-mail";

/** Everything the mail with a link that sets a password shows. No name: somebody else may have typed it. */
export type PasswordResetFacts = {
  storeName: string;
  resetUrl: string;
  expiresAt: Date;
};

const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });

/** The mail with a link that sets a password. Depends on nothing but its arguments, so that two tries send the same bytes. */
export function passwordResetMail({ storeName, resetUrl, expiresAt }: PasswordResetFacts): Mail {
  const subject = `Set your password at ${storeName}`;
  const heading = "Set your password.";
  const sentences = [
    `Somebody, most likely you, wants to set the password of your account at ${storeName}.`,
    `The link below does it once, until ${moment.format(expiresAt)} UTC, and signs you out wherever you are signed in.`,
    "If it was not you, there is nothing to do: only who reads this mail can use the link. Do not pass it on.",
  ];
  const link = "Set the password";
  const reason = `You get this mail because there is an account with your address at ${storeName}.`;
  return {
    subject,
    html: mailLayout({
      storeName,
      heading,
      body: html`${sentences.map(paragraph)}
${button(link, resetUrl)}`,
      reason,
    }),
    text: [heading, "", ...sentences, "", `${link}: ${resetUrl}`, "", reason, ""].join("\n"),
  };
}
