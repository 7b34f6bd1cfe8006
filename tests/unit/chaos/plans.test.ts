import { expect, test } from "vitest";
import { planShoppers } from "@/chaos/orders/traffic";
import { planFaults } from "@/chaos/orders/vendor-faults";
import { victims } from "@/chaos/orders/victims";
import { planKills } from "@/chaos/plan";

const storm = (seed: number) => ({
  shoppers: planShoppers(seed, 200),
  faults: planFaults(seed, 100, 20),
  kills: planKills(seed, 100, victims("workers", 20)),
});

test("one seed is one plan, and another seed another", () => {
  expect(storm(7)).toEqual(storm(7));
  expect(storm(8)).not.toEqual(storm(7));
});

test("workers are killed where workers are asked for, and only there", () => {
  const kinds = (who: "workers" | "others") => new Set(planKills(7, 100, victims(who, 20)).map(({ kind }) => kind));

  expect(kinds("workers")).toEqual(new Set(["run process", "host"]));
  expect(kinds("others")).toEqual(new Set(["web", "server", "postgres"]));
});
