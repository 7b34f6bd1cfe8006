import { expect, test } from "vitest";
import { eventWords } from "@/components/event-words";

test.each([
  [{ type: "checkout.session.completed", status: "received", isKnown: true }, "waiting", /to be applied/],
  [{ type: "checkout.session.completed", status: "handled", isKnown: true }, "good", /Noted the payment/],
  [{ type: "checkout.session.completed", status: "ignored", isKnown: true }, "off", /Changed nothing/],
  [{ type: "charge.invented", status: "handled", isKnown: true }, "good", /^Was applied\.$/],
  [{ type: "price.created", status: "ignored", isKnown: false }, "off", /does nothing with events of this type/],
] as const)("%j is %s", (event, tone, effect) => {
  expect(eventWords(event)).toMatchObject({ tone, effect: expect.stringMatching(effect) });
});
