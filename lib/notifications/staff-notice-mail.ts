import type { StaffNotice } from "@/lib/outbox/messages";
import { html } from "./html";
import { button, mailLayout, paragraph } from "./mail-layout";
import type { Mail } from "./send-mail";

/** Everything a mail to staff about an order shows. */
export type StaffNoticeFacts = {
  storeName: string;
  adminUrl: string;
  number: number;
  /** The amount it is about, for people. */
  amount: string;
  /** Why, in the words of who said it. */
  reason: string | null;
  /** Of a dispute: how it stands, in Stripe's word, and whether Stripe refunds the payment. */
  dispute: { status: string; blocksRefunds: boolean; answerBefore: string | null } | null;
};

function wordingOf(notice: StaffNotice, facts: StaffNoticeFacts): { subject: string; sentences: string[] } {
  const { number, amount, reason } = facts;
  switch (notice) {
    case "refund-failed":
      return {
        subject: `A refund of order ${number} failed`,
        sentences: [
          `${amount} of order ${number} could not be given back${reason ? `: ${reason}` : ""}.`,
          "The amount is free again. Look at the order, and refund it anew or find another way with the shopper.",
        ],
      };
    case "dispute-opened":
      return {
        subject: `The payment of order ${number} is contested`,
        sentences: [
          `The cardholder contests ${amount} of order ${number}${reason ? `: ${reason}` : ""}.`,
          `Answer it in Stripe's dashboard${facts.dispute?.answerBefore ? ` before ${facts.dispute.answerBefore}` : ""}.`,
          facts.dispute?.blocksRefunds
            ? "Stripe has taken the money until it is decided, and refunds nothing of this payment meanwhile."
            : "No money is taken yet, and the order can still be refunded, which settles it.",
        ],
      };
    case "dispute-closed":
      return {
        subject: `The dispute of order ${number} is decided`,
        sentences: [decision(facts)],
      };
  }
}

function decision({ number, amount, dispute }: StaffNoticeFacts): string {
  if (dispute?.status === "won") return `The dispute of order ${number} was won: ${amount} is back.`;
  if (dispute?.status === "lost")
    return `The dispute of order ${number} was lost: ${amount} is gone. Stripe refunds nothing of this payment any more.`;
  return `The cardholder's question about order ${number} was closed without a dispute.`;
}

/** The mail of one notice to staff. Depends on nothing but its arguments, so that two tries send the same bytes. */
export function staffNoticeMail(notice: StaffNotice, facts: StaffNoticeFacts): Mail {
  const { subject, sentences } = wordingOf(notice, facts);
  const reason = `You get this mail because you work at ${facts.storeName}.`;
  const link = "Open the order";
  return {
    subject,
    html: mailLayout({
      storeName: facts.storeName,
      heading: `${subject}.`,
      body: html`${sentences.map(paragraph)}
${button(link, facts.adminUrl)}`,
      reason,
    }),
    text: [`${subject}.`, "", ...sentences, "", `${link}: ${facts.adminUrl}`, "", reason, ""].join("\n"),
  };
}
