import type { Random } from "../random";
import { pick } from "./pick";

const numbers = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1_000, 2 ** 31, 2 ** 53, 1e21, -0.5];
const texts = [
  "",
  " ",
  "0",
  "-1",
  "1e3",
  "0x10",
  "١",
  "99999999999999999999",
  "9007199254740993",
  "2147483648",
  "1.5",
  "1,5",
  "NaN",
  "null",
  "true",
  "' or 1=1 --",
  "<script>alert(1)</script>",
  "\0",
  "\ud800",
  "../../etc/passwd",
  '{"$gt":""}',
  "a".repeat(5_000),
  "🔨".repeat(100),
];
const others: readonly unknown[] = [null, undefined, true, [], {}, [1], ["1"], { toString: "1" }, { length: 3 }];

/** No id, no amount, no quantity and no address by any rule of the store's. */
export function nonsense(random: Random): unknown {
  return pick<() => unknown>(random, [
    () => pick(random, numbers),
    () => pick(random, texts),
    () => pick<unknown>(random, others),
  ])();
}

/** The same, as text only. */
export function nonsenseText(random: Random): string {
  return pick(random, texts);
}
