/** What comes of a charge that was accepted. */
export type Aftermath = {
  /** Refunds end some time after they were made: `pending` ones succeed, `failing` ones fail after all. */
  refunds?: "pending" | "failing";
  /** The cardholder contests the charge at once. An inquiry takes no money yet. */
  dispute?: { reason: "fraudulent" | "product_not_received"; isInquiry: boolean };
};

/** How a card behaves when it is charged. */
export type CardBehaviour =
  | { kind: "accepted"; aftermath?: Aftermath }
  /** With `onlyCharges` it may be kept all the same. */
  | { kind: "declined"; code: string; declineCode: string | null; message: string; onlyCharges?: true }
  /** Asks the cardholder. Without one it is refused, unless the card was set up for that and `offSession` says so. */
  | { kind: "challenge"; afterwards: "accepted" | "declined"; offSession: "once set up" | "never" };

/** How a bank refuses a payment that nobody is there to confirm. */
export const authenticationRequired = declined(
  "authentication_required",
  "authentication_required",
  "Your card was declined. This transaction requires authentication.",
);

export type TestCard = {
  number: string;
  title: string;
  brand: "visa" | "mastercard" | "amex";
  funding: "credit" | "debit";
  behaviour: CardBehaviour;
  /** Stripe's ready-made payment methods with this card, which the API accepts in place of a number. */
  tokens: string[];
};

function declined(code: string, declineCode: string | null, message: string) {
  return { kind: "declined" as const, code, declineCode, message };
}

/** The plain refusal, which says nothing about its reason. */
export const genericDecline = declined("card_declined", "generic_decline", "Your card was declined.");

/** The cards of https://docs.stripe.com/testing that this Stripe knows, in the order the hosted page shows them. */
export const testCards: TestCard[] = [
  card("4242424242424242", "Succeeds", { kind: "accepted" }, ["pm_card_visa", "tok_visa"]),
  card(
    "4000002500003155",
    "Asks for 3D Secure",
    { kind: "challenge", afterwards: "accepted", offSession: "once set up" },
    ["pm_card_authenticationRequiredOnSetup"],
  ),
  card(
    "4000002760003184",
    "Asks for 3D Secure each time",
    {
      kind: "challenge",
      afterwards: "accepted",
      offSession: "never",
    },
    ["pm_card_authenticationRequired"],
  ),
  card("4000000000000002", "Declined", genericDecline, ["pm_card_visa_chargeDeclined", "pm_card_chargeDeclined"]),
  card(
    "4000000000009995",
    "Insufficient funds",
    declined("card_declined", "insufficient_funds", "Your card has insufficient funds."),
    ["pm_card_visa_chargeDeclinedInsufficientFunds", "pm_card_chargeDeclinedInsufficientFunds"],
  ),
  card("4000000000000069", "Expired card", declined("expired_card", null, "Your card has expired."), [
    "pm_card_chargeDeclinedExpiredCard",
  ]),
  card(
    "4000000000000127",
    "Incorrect CVC",
    declined("incorrect_cvc", null, "Your card's security code is incorrect."),
    ["pm_card_chargeDeclinedIncorrectCvc"],
  ),
  card(
    "4000000000000119",
    "Processing error",
    declined("processing_error", null, "An error occurred while processing your card. Try again in a little bit."),
    ["pm_card_chargeDeclinedProcessingError"],
  ),
  card(
    "4000008400001629",
    "3D Secure, then declined",
    { kind: "challenge", afterwards: "declined", offSession: "never" },
    [],
  ),
  card("4000000000003220", "Asks for 3D Secure", { kind: "challenge", afterwards: "accepted", offSession: "never" }, [
    "pm_card_threeDSecure2Required",
  ]),
  card("4000000000000341", "Can be kept, not charged", { ...genericDecline, onlyCharges: true }, [
    "pm_card_chargeCustomerFail",
  ]),
  card("4000000000007726", "Refunds stay pending for a while", accepted({ refunds: "pending" }), [
    "pm_card_pendingRefund",
    "tok_pendingRefund",
  ]),
  card("4000000000005126", "Refunds fail after a while", accepted({ refunds: "failing" }), [
    "pm_card_refundFail",
    "tok_refundFail",
  ]),
  card("4000000000000259", "Disputed as fraudulent", disputed("fraudulent"), [
    "pm_card_createDispute",
    "tok_createDispute",
  ]),
  card("4000000000002685", "Disputed as not received", disputed("product_not_received"), [
    "pm_card_createDisputeProductNotReceived",
    "tok_createDisputeProductNotReceived",
  ]),
  card("4000000000001976", "Disputed as an inquiry", disputed("fraudulent", true), [
    "pm_card_createDisputeInquiry",
    "tok_createDisputeInquiry",
  ]),
  card("5555555555554444", "Succeeds (Mastercard)", { kind: "accepted" }, ["pm_card_mastercard", "tok_mastercard"]),
  card("378282246310005", "Succeeds (American Express)", { kind: "accepted" }, ["pm_card_amex", "tok_amex"]),
];

function card(number: string, title: string, behaviour: CardBehaviour, tokens: string[]): TestCard {
  return { number, title, brand: brandOf(number), funding: "credit", behaviour, tokens };
}

function accepted(aftermath: Aftermath): CardBehaviour {
  return { kind: "accepted", aftermath };
}

function disputed(reason: NonNullable<Aftermath["dispute"]>["reason"], isInquiry = false): CardBehaviour {
  return accepted({ dispute: { reason, isInquiry } });
}

/** What comes of charges of this card. */
export function aftermathOf(number: string): Aftermath {
  const behaviour = behaviourOf(number);
  return (behaviour.kind === "accepted" && behaviour.aftermath) || {};
}

/** American Express cards have four digits of CVC. */
export function isAmex(number: string): boolean {
  return /^3[47]/.test(number);
}

export function brandOf(number: string): TestCard["brand"] {
  if (number.startsWith("5")) return "mastercard";
  return isAmex(number) ? "amex" : "visa";
}

/** How a card number behaves. Real numbers are refused, as Stripe's test mode refuses them. */
export function behaviourOf(number: string): CardBehaviour {
  return (
    testCards.find((known) => known.number === number)?.behaviour ??
    declined(
      "card_declined",
      "test_mode_live_card",
      "Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.",
    )
  );
}

/** Whether the digits are a card number at all: 12 to 19 of them with a valid Luhn check digit. */
export function isCardNumber(digits: string): boolean {
  if (!/^\d{12,19}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
