import type { Currency } from "@/lib/money/money";
import type { Random } from "../random";
import { Random as Seeded } from "../random";
import { auditNow } from "../store/quiet";
import { workOff } from "../store/work-off";
import { type Account, openAccounts } from "./accounts";
import { processAgain } from "./batches";
import { Door } from "./door";
import { Findings } from "./findings";
import { changedTables, fingerprint } from "./fingerprint";
import { giveBack } from "./give-back";
import { openFuzzShop } from "./shop";
import { Shopper } from "./shopper";
import { makeStaffOrders, type StaffOrder } from "./staff-orders";
import { Tally } from "./tally";
import { type Targets, tamper } from "./tampered";

/** Two decimals, none, three; prices with their tax and without. */
const shops: readonly [Currency, boolean][] = [
  ["EUR", true],
  ["EUR", false],
  ["JPY", true],
  ["KWD", false],
  ["GBP", false],
  ["JPY", false],
  ["KWD", true],
];
const lanes = 6;
const tripsARound = 4;

export type FuzzResult = { tally: Tally; shops: number; rounds: number };

/**
 * Shoppers who do what they may, each amount compared with the oracle's; and in between, requests that must change
 * nothing, after which nothing has changed. Shop follows shop, in another currency and with other prices.
 */
export async function fuzz({
  random,
  requests,
  roundsAShop,
  tamperedARound = 300,
  say = () => {},
  isEnough = () => false,
}: {
  random: Random;
  requests: number;
  roundsAShop: number;
  /** By each shopper. */
  tamperedARound?: number;
  say?: (tally: Tally) => void;
  /** Asked after each round, for whoever has no time for all of them. */
  isEnough?: () => boolean;
}): Promise<FuzzResult> {
  const begun = new Date();
  const tally = new Tally();
  const accounts = await openAccounts(lanes);
  const [door, findings] = [new Door(), new Findings()];
  let [shopsOpened, rounds] = [0, 0];
  const isOver = () => tally.requests >= requests || isEnough();
  while (!isOver()) {
    const [currency, taxIncluded] = shops[shopsOpened % shops.length] ?? ["EUR", true];
    const shop = await openFuzzShop(random, currency, taxIncluded);
    shopsOpened += 1;
    const staffOrders = await makeStaffOrders(shop);
    const hands = accounts.map((account, lane) => {
      const own = new Seeded(random.between(0, 2 ** 31));
      const id = lane + lanes * shopsOpened;
      return { random: own, account, shopper: new Shopper({ lane: id, random: own, tally, account, door }) };
    });
    for (let round = 0; round < roundsAShop && !isOver(); round++, rounds++) {
      door.nextRound();
      await Promise.all(
        hands.map(async ({ shopper }) => {
          for (let trip = 0; trip < tripsARound; trip++) await shopper.trip(shop);
        }),
      );
      for (const order of staffOrders) await giveBack(random, shop, order, tally);
      await processAgain(random, staffOrders, tally);
      await findings.round(random, staffOrders[0]?.orderId, tally);
      const others = hands.flatMap(({ shopper }) => shopper.orders);
      await changeNothing(
        hands.map((hand) => ({ ...hand, shop, others, staffOrders, accounts, door, findings })),
        tamperedARound,
        tally,
        round === 0 ? () => door.flood(accounts[0] as Account, tally) : undefined,
      );
      await door.compare(tally);
      say(tally);
    }
  }
  for (const sentence of await workOff(() => new Date())) tally.wrong(sentence);
  // As of the beginning, since those who have not paid may still do so by then.
  for (const sentence of await auditNow(begun)) tally.wrong(sentence);
  return { tally, shops: shopsOpened, rounds };
}

type Hand = Targets & { random: Random; staffOrders: readonly StaffOrder[] };

/** Sends what must be refused, of all kinds and several at a time, and looks whether any table is not as it was. */
async function changeNothing(
  hands: readonly Hand[],
  each: number,
  tally: Tally,
  flood: () => Promise<void> = async () => {},
): Promise<void> {
  const before = await fingerprint();
  const sent: string[] = [];
  await Promise.all(
    hands.map(async (hand) => {
      for (let n = 0; n < each; n++) {
        const { what, send, must } = tamper(hand.random, hand);
        sent.push(what);
        tally.expect(what, await send(), typeof must === "string" ? must === "same" : must);
      }
    }),
  );
  await flood();
  const changed = changedTables(before, await fingerprint());
  if (changed.length > 0)
    tally.wrong(`Requests that must change nothing changed ${changed.join(", ")}: ${[...new Set(sent)].join(", ")}.`);
}
