import { expect, test } from "vitest";
import { inHouseCourier } from "@/lib/fulfilment/in-house-courier";

const shipTo = { name: "Ada", line1: "12 St James's Square", city: "London", postalCode: "SW1Y", country: "GB" };
const label = async (shipmentId: string) => (await inHouseCourier.createLabel({ shipmentId, shipTo })).trackingNumber;

test("the same shipment always has the same number, another has another", async () => {
  expect(await label("shp_1")).toBe(await label("shp_1"));
  expect(await label("shp_1")).not.toBe(await label("shp_2"));
});

test("a slip of the pen in a number is noticed: its digits pass Luhn's check", async () => {
  for (let index = 0; index < 50; index++) {
    const digits = [...(await label(`shp_${index}`)).slice(2)].map(Number).reverse();
    const sum = digits.reduce((total, digit, place) => {
      const value = place % 2 === 1 ? digit * 2 : digit;
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    expect(sum % 10).toBe(0);
  }
});
