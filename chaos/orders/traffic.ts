import { demoProducts } from "@/prisma/seed/products";
import { Random } from "../random";

export type Course =
  | "pays"
  | "abandons"
  | "declined"
  | "declined, then pays"
  | "pays twice"
  | "returns late"
  | "corrects"
  | "cancels";

/** What staff do with an order once it stands so that they can. */
export type StaffAct = "nothing" | "ship" | "deliver" | "refund a part" | "refund the rest" | "cancel" | "take back";

export type ShopperPlan = {
  n: number;
  email: string;
  street: string;
  country: string;
  /** `variant` counts among those that can be bought when the page is opened. */
  items: { handle: string; variant: number; quantity: number }[];
  discountCode: string | undefined;
  /** Which way of shipping, counted from 0. */
  way: number;
  course: Course;
  card: string;
  /** Between two steps of theirs. */
  pauseMs: number;
  staffAct: StaffAct;
};

const courses: Record<Course, number> = {
  pays: 54,
  abandons: 9,
  declined: 6,
  "declined, then pays": 7,
  "pays twice": 8,
  "returns late": 6,
  corrects: 5,
  cancels: 5,
};

const staffActs: Record<StaffAct, number> = {
  nothing: 40,
  ship: 22,
  deliver: 6,
  "refund a part": 10,
  "refund the rest": 6,
  cancel: 8,
  "take back": 8,
};

/** Of Stripe's test cards: plain ones, one whose refunds take their time, one whose refunds fail, and a disputed one. */
const payingCards = {
  "4242424242424242": 84,
  "5555555555554444": 8,
  "4000000000007726": 4,
  "4000000000005126": 2,
  "4000000000000259": 2,
};

/** Words in the street that the carrier stumbles over, and names that the mail service does; see their README.md. */
const streets = {
  "12 St James’s Square": 70,
  "1 Carrier Busy Road": 7,
  "2 Carrier Fails Lane": 7,
  "3 Drop Before Street": 5,
  "4 Drop After Street": 8,
  "5 No Such Street": 3,
};
const mailNames = {
  shopper: 72,
  "server-error": 7,
  "rate-limited": 7,
  "drop-before": 6,
  "drop-after": 8,
};
const countries = { GB: 50, DE: 20, FR: 12, IE: 10, CH: 8 };
const discounts = { none: 70, WELCOME10: 20, FIVEOFF: 10 };
const lineCounts = { one: 55, two: 28, three: 12, five: 5 };
const lines = { one: 1, two: 2, three: 3, five: 5 } as const;

/** One seed is one crowd: who buys what, how they pay, what becomes of it. */
export function planShoppers(seed: number, count: number): ShopperPlan[] {
  const random = new Random(seed);
  const handles = demoProducts.map(({ handle }) => handle);
  return Array.from({ length: count }, (_, n) => {
    const discountCode = random.weighted(discounts);
    const items = Array.from({ length: lines[random.weighted(lineCounts)] }, () => ({
      handle: handles[random.between(0, handles.length - 1)] ?? "",
      variant: random.between(0, 5),
      quantity: random.between(1, 4),
    }));
    return {
      n,
      email: `${random.weighted(mailNames)}+${seed}-${n}@example.com`,
      street: random.weighted(streets),
      country: random.weighted(countries),
      items,
      discountCode: discountCode === "none" ? undefined : discountCode,
      way: random.between(0, 1),
      course: random.weighted(courses),
      card: random.weighted(payingCards),
      pauseMs: random.between(0, 400),
      staffAct: random.weighted(staffActs),
    };
  });
}
