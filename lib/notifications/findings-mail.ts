import { html } from "./html";
import { button, mailLayout, paragraph } from "./mail-layout";
import type { Mail } from "./send-mail";

/** Everything the mail about findings shows. */
export type FindingsMailFacts = {
  storeName: string;
  attentionUrl: string;
  /** A sentence each. */
  messages: readonly string[];
};

/** Beyond this the page tells the rest. */
const shownMax = 20;

/** The mail to staff about what a person has to look at. Depends on nothing but its arguments. */
export function findingsMail({ storeName, attentionUrl, messages }: FindingsMailFacts): Mail {
  const subject =
    messages.length === 1 ? "Something needs your attention" : `${messages.length} things need your attention`;
  const shown = messages.slice(0, shownMax);
  const more = messages.length - shown.length;
  const sentences = [...shown, ...(more > 0 ? [`And ${more} more.`] : [])];
  const ending = "The store looked at this by itself and could not, or must not, mend it alone.";
  const link = "See what needs attention";
  const reason = `You get this mail because you work at ${storeName}.`;
  return {
    subject,
    html: mailLayout({
      storeName,
      heading: `${subject}.`,
      body: html`${sentences.map(paragraph)}
${paragraph(ending)}
${button(link, attentionUrl)}`,
      reason,
    }),
    text: [
      `${subject}.`,
      "",
      ...sentences.flatMap((text) => [text, ""]),
      ending,
      "",
      `${link}: ${attentionUrl}`,
      "",
      reason,
      "",
    ].join("\n"),
  };
}
