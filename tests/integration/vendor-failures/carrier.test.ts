import { afterAll, beforeAll, expect, test } from "vitest";
import type { Parcel } from "@/lib/fulfilment/carrier";
import { CarrierRefusedError, LabelNotFoundError, ParcelRefusedError } from "@/lib/fulfilment/errors";
import { type CarrierSettings, httpCarrier } from "@/lib/fulfilment/http-carrier";
import { newId } from "@/lib/ids";
import { vendorFailures } from "@/lib/vendor-failures";
import { ada } from "@/tests/integration/orders/shop";
import { startWorld, type World } from "@/tests/support/world";
import { atOnce, backOff, type Case, decisionOn, errorOf, rowsWithout, told } from "./cases";

let world: World<"carrier">;

beforeAll(async () => {
  world = await startWorld({ carrier: true });
});

afterAll(() => world.close());

const parcelTo = (line1: string, changes: Partial<Parcel> = {}): Parcel => ({
  shipmentId: newId("shipment"),
  shipTo: { ...ada.shipTo, line1 },
  weightGrams: 400,
  contents: [{ sku: "MUG", quantity: 1 }],
  ...changes,
});

const carrier = (changes: Partial<CarrierSettings> = {}) =>
  httpCarrier({ url: world.carrier.url, apiKey: "carrier_local_tests", ...changes });

const failing = (line1: string, changes?: Partial<Parcel>, settings?: Partial<CarrierSettings>) =>
  errorOf(carrier(settings).createLabel(parcelTo(line1, changes)));

const cases: Case[] = [
  {
    name: "the connection is closed before the label was made",
    row: "none",
    provoke: () => failing("1 Drop before Street"),
    becomes: "TemporaryError",
    decision: atOnce,
  },
  {
    name: "the connection is closed after the label was made",
    row: "none",
    provoke: () => failing("1 Drop after Street"),
    becomes: "TemporaryError",
    decision: atOnce,
  },
  {
    name: "too many requests",
    row: "429",
    provoke: () => failing("1 Carrier busy Street"),
    becomes: "TemporaryError",
    decision: told(2_000),
  },
  {
    name: "the carrier fails",
    row: "5xx",
    provoke: () => failing("1 Carrier fails Street"),
    becomes: "TemporaryError",
    decision: backOff,
  },
  {
    name: "the carrier is down",
    row: "5xx",
    provoke: () => failing("1 Carrier down Street"),
    becomes: "TemporaryError",
    decision: backOff,
  },
  {
    name: "there is no such address",
    row: "422 invalid_address",
    provoke: () => failing("1 No such street"),
    becomes: ParcelRefusedError.name,
    decision: "stop",
  },
  {
    name: "the parcel is too heavy",
    row: "4xx",
    provoke: () => failing("1 Main Street", { weightGrams: 40_000 }),
    becomes: ParcelRefusedError.name,
    decision: "stop",
  },
  {
    name: "the key of the label is another parcel's",
    row: "4xx",
    provoke: async () => {
      const parcel = parcelTo("1 Main Street");
      await carrier().createLabel(parcel);
      return errorOf(carrier().createLabel({ ...parcel, weightGrams: 401 }));
    },
    becomes: ParcelRefusedError.name,
    decision: "stop",
  },
  {
    name: "there is no such label",
    row: "404",
    provoke: () => errorOf(carrier().readLabelPdf("shp_never")),
    becomes: LabelNotFoundError.name,
    decision: "stop",
  },
  {
    name: "our key is wrong",
    row: "401",
    provoke: () => failing("1 Main Street", {}, { apiKey: "carrier_local_other" }),
    becomes: CarrierRefusedError.name,
    decision: "stop",
  },
  {
    name: "nobody answers",
    row: "none",
    provoke: () => failing("1 Main Street", {}, { url: "http://127.0.0.1:1" }),
    becomes: "TemporaryError",
    decision: atOnce,
  },
  {
    name: "the answer takes longer than we wait",
    row: "none",
    provoke: () => failing("1 Carrier slow Street", {}, { timeoutMs: 200 }),
    becomes: "TemporaryError",
    decision: atOnce,
  },
];

test.each(cases)("Carrier, $row: $name", async ({ provoke, becomes, decision }) => {
  const error = await provoke();

  expect((error as Error).constructor.name).toBe(becomes);
  expect(decisionOn(error)).toEqual(decision);
});

test("no row of the carrier's table is left out", () => {
  expect(rowsWithout(cases, vendorFailures.carrier)).toEqual([]);
});
