import type { Actor } from "@/lib/accounts/actor";
import { newId, type SavedCardId } from "@/lib/ids";
import type { Random } from "../random";
import { accountEdges as edges } from "./account-edges";
import type { Account } from "./accounts";
import { grace, strangers } from "./edges";
import { nonsense } from "./nonsense";
import { chance, pick } from "./pick";
import type { Tampered, Targets } from "./tampered";

const invalid = "invalid-input";
const outsiders: readonly Actor[] = [...strangers, grace];

/** Pays with, or changes, a card that is not the sender's, or not any more. */
export function badCard(random: Random, targets: Targets): Tampered {
  const attempt = chance(random, 25) ? byOutsider(random, targets) : byHolder(random, targets);
  // A card that ran out may still be chosen or removed.
  const canPayOnly = attempt.code === "card-expired";
  return canPayOnly || chance(random, 60) ? badPaying(random, targets, attempt) : badChange(random, attempt);
}

function badPaying(random: Random, { shopper }: Targets, { actor, cardId, code }: Attempt): Tampered {
  const carts = shopper.carts.filter(({ lines }) => lines.length > 0);
  // An order that is paid on a page can be sent again with a card; one that waits for its card stays as it is.
  const orders = shopper.orders.filter(({ isCard }) => !isCard);
  const targets = [...carts, ...orders];
  if (targets.length === 0) return badChange(random, { actor, cardId: newId("order"), code: invalid });
  const { cartId, form } = pick(random, targets);
  const [fields, must] = chance(random, 5)
    ? [{ keepCard: pick<unknown>(random, [null, true, 1, {}, ["on"]]) }, invalid]
    : [{ payWith: cardId }, code === "sign-in-needed" ? "card-not-found" : code];
  const send = () => edges.placeOrder(actor, cartId, { ...form, ...fields });
  return { what: "pay with a card", send, must: { code: must } };
}

function badChange(random: Random, { actor, cardId, code }: Attempt): Tampered {
  const what = pick(random, ["removeCard", "chooseDefaultCard"] as const);
  return { what, send: () => edges[what](actor, { cardId }), must: { code } };
}

/** `code`: why the store refuses it. */
type Attempt = { actor: Actor; cardId: unknown; code: string };

function byOutsider(random: Random, { accounts }: Targets): Attempt {
  const { kept, removed, expired } = pick(random, accounts);
  return { actor: pick(random, outsiders), cardId: pick(random, [...kept, removed, expired]), code: "sign-in-needed" };
}

function byHolder(random: Random, { account, accounts }: Targets): Attempt {
  const others = accounts.filter((one) => one !== account);
  const ofOther = ({ kept, removed, expired }: Account): SavedCardId[] => [...kept, removed, expired];
  const [cardId, code] = pick<() => [unknown, string]>(random, [
    () => [pick(random, ofOther(pick(random, others))), "card-not-found"],
    () => [account.removed, "card-not-found"],
    () => [account.expired, "card-expired"],
    () => [newId("savedCard"), "card-not-found"],
    () => [pick<unknown>(random, [newId("order"), `${account.kept[0]} `, account.kept, account.actor.userId]), invalid],
    () => [nonsense(random) || " ", invalid],
  ])();
  return { actor: account.actor, cardId, code };
}
