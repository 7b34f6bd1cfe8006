import { afterAll, beforeAll, expect, test } from "vitest";
import { fuzz } from "@/chaos/fuzz/fuzz";
import { Random } from "@/chaos/random";
import { startWorld, type World } from "@/tests/support/world";

let world: World<"stripe">;

beforeAll(async () => {
  world = await startWorld({ stripe: true, resend: true, carrier: true, s3: true });
});

afterAll(() => world.close());

/** How often each kind of request has to be sent at least, so that none gets lost from the mixture. */
const least = {
  "add to cart": 200,
  "set cart line": 40,
  "apply code": 60,
  "place order": 200,
  "pay with a card": 60,
  replay: 30,
  refund: 8,
  startPayment: 20,
  showOrder: 20,
  cancelOwnOrder: 20,
  refundOrder: 60,
  requestReturn: 40,
  removeCard: 10,
  chooseDefaultCard: 10,
  register: 220,
  "sign in": 30,
  batchTriggerOrders: 40,
  resolveFinding: 40,
};
/** All others are sometimes rightly asked for. */
const neverAccepted = ["startPayment", "showOrder", "cancelOwnOrder", "refundOrder", "requestReturn", "removeCard"];

// The whole proof is `npm run chaos -- fuzz`.
test("two thousand requests, good and tampered: charged is what the oracle says, and what is refused changes nothing", async () => {
  const random = new Random(11);
  const { tally, shops } = await fuzz({ random, requests: 2_000, roundsAShop: 1, tamperedARound: 90 });

  expect(tally.wrongs).toEqual([]);
  expect(shops).toBeGreaterThan(1);
  const sent = (kind: string) => tally.kinds.get(kind) ?? { accepted: 0, refused: 0 };
  const total = ({ accepted, refused }: ReturnType<typeof sent>) => accepted + refused;
  const kinds = Object.entries(least);
  expect(kinds.filter(([kind, count]) => total(sent(kind)) < count).map(([kind]) => [kind, sent(kind)])).toEqual([]);
  expect(kinds.map(([kind]) => kind).filter((kind) => sent(kind).refused === 0)).toEqual(["replay"]);
  expect(kinds.map(([kind]) => kind).filter((kind) => sent(kind).accepted === 0)).toEqual(neverAccepted);
}, 240_000);
