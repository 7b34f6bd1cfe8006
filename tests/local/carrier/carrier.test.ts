import { inflateSync } from "node:zlib";
import { expect, onTestFinished, test, vi } from "vitest";
import { type CarrierOptions, startCarrier } from "@/local/carrier/server";
import { temporaryFolder } from "../../support/temporary-folder";

const apiKey = "carrier_local_tests";

async function carrier(options: Partial<CarrierOptions> = {}) {
  const stateDir = options.stateDir ?? (await temporaryFolder());
  const server = await startCarrier({ port: 0, stateDir, apiKey, ...options });
  let closed = false;
  const close = async () => {
    if (!closed) await server.close();
    closed = true;
  };
  onTestFinished(close);
  const call = (method: string, path: string, body?: unknown, key = apiKey) =>
    fetch(server.url + path, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: { authorization: `Bearer ${key}` },
    });
  const plan = (fault: object) => fetch(`${server.url}/_local/faults`, { method: "POST", body: JSON.stringify(fault) });
  return { stateDir, close, call, plan };
}

const parcel = {
  to: { name: "Ada Lovelace", line1: "12 St James's Square", city: "London", postalCode: "SW1Y 4JH", country: "GB" },
  weightGrams: 850,
  contents: [{ sku: "MUG-BLUE", quantity: 2 }],
};

const trackingNumberOf = async (answer: Response) =>
  ((await answer.json()) as { trackingNumber: string }).trackingNumber;

/** Luhn's sum, as anybody who types a number in would check it. */
function isRight(trackingNumber: string): boolean {
  const digits = [...trackingNumber.slice(2)].reverse().map(Number);
  const sum = digits.reduce((total, digit, index) => {
    const value = index % 2 === 1 ? digit * 2 : digit;
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

test("a label has a tracking number with a check digit, and another parcel another one", async () => {
  const { call } = await carrier();

  const first = await call("PUT", "/v1/labels/shp_1", parcel);
  const second = await call("PUT", "/v1/labels/shp_2", parcel);

  expect([first.status, second.status]).toEqual([201, 201]);
  const numbers = [await trackingNumberOf(first), await trackingNumberOf(second)];
  for (const number of numbers) {
    expect(number).toMatch(/^PP\d{13}$/);
    expect(isRight(number)).toBe(true);
  }
  expect(numbers[0]).not.toBe(numbers[1]);
});

test("the same parcel asked for ten times at once is one label", async () => {
  const { call } = await carrier();

  const answers = await Promise.all(Array.from({ length: 10 }, () => call("PUT", "/v1/labels/shp_1", parcel)));

  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(9);
  expect(new Set(await Promise.all(answers.map(trackingNumberOf))).size).toBe(1);
  expect(await (await call("GET", "/_local/labels")).json()).toHaveLength(1);
});

test("another parcel under a reference that is taken is refused, and so is one whose label was taken back", async () => {
  const { call } = await carrier();
  await call("PUT", "/v1/labels/shp_1", parcel);

  const other = await call("PUT", "/v1/labels/shp_1", { ...parcel, weightGrams: 851 });
  const gone = [await call("DELETE", "/v1/labels/shp_1"), await call("DELETE", "/v1/labels/shp_1")];
  const again = await call("PUT", "/v1/labels/shp_1", parcel);

  expect(other.status).toBe(409);
  expect(await other.json()).toMatchObject({ error: { code: "reference_in_use" } });
  expect(gone.map(({ status }) => status)).toEqual([200, 200]);
  expect(await again.json()).toMatchObject({ error: { code: "label_void" } });
  expect((await call("GET", "/v1/labels/shp_1/pdf")).status).toBe(409);
});

test("the PDF shows the tracking number and the address, and is the same each time", async () => {
  const { call } = await carrier();
  const number = await trackingNumberOf(await call("PUT", "/v1/labels/shp_1", parcel));

  const pdfs = [await call("GET", "/v1/labels/shp_1/pdf"), await call("GET", "/v1/labels/shp_1/pdf")];

  const [one, two] = await Promise.all(pdfs.map(async (answer) => Buffer.from(await answer.arrayBuffer())));
  expect(pdfs[0]?.headers.get("content-type")).toBe("application/pdf");
  expect(one?.equals(two ?? Buffer.alloc(0))).toBe(true);
  const text = textOf(one ?? Buffer.alloc(0));
  for (const part of [number, "Ada Lovelace", "12 St James's Square", "SW1Y 4JH London", "2 x MUG-BLUE", "0.85 kg"])
    expect(text).toContain(part);
});

/** The letters of a PDF whose fonts every reader has: they stand in its streams as hexadecimal. */
function textOf(pdf: Buffer): string {
  const raw = pdf.toString("latin1");
  const streams = [...raw.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, body = ""]) =>
    inflateSync(Buffer.from(body, "latin1")).toString("latin1"),
  );
  const lines = streams.join("\n").matchAll(/\[(.*?)\] TJ/g);
  return [...lines]
    .map(([, pieces = ""]) =>
      [...pieces.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = ""]) => Buffer.from(hex, "hex").toString("latin1")).join(""),
    )
    .join("\n");
}

test.each([
  ["an address that is none", { ...parcel, to: { ...parcel.to, line1: "1 No such street" } }, "invalid_address"],
  ["a postal code of zeros", { ...parcel, to: { ...parcel.to, postalCode: "00000" } }, "invalid_address"],
  ["a parcel that is too heavy", { ...parcel, weightGrams: 40_000 }, "invalid_request"],
  ["a field that it does not know", { ...parcel, insured: true }, "invalid_request"],
  ["no body", undefined, "invalid_request"],
])("%s is refused and leaves nothing behind: the reference can be used again", async (_, body, code) => {
  const { call } = await carrier();

  const refused = await call("PUT", "/v1/labels/shp_1", body);

  expect(refused.status).toBe(422);
  expect(await refused.json()).toMatchObject({ error: { code } });
  expect((await call("PUT", "/v1/labels/shp_1", parcel)).status).toBe(201);
});

test("what was answered is there after a restart", async () => {
  const first = await carrier();
  const number = await trackingNumberOf(await first.call("PUT", "/v1/labels/shp_1", parcel));
  await first.close();

  const { call } = await carrier({ stateDir: first.stateDir });

  const again = await call("PUT", "/v1/labels/shp_1", parcel);
  expect(again.status).toBe(200);
  expect(await trackingNumberOf(again)).toBe(number);
});

test("a connection closed after the work leaves a label, before it leaves none", async () => {
  const { call, plan } = await carrier();
  const labels = async () => (await (await call("GET", "/_local/labels")).json()) as object[];

  await plan({ kind: "drop-before" });
  await expect(call("PUT", "/v1/labels/shp_1", parcel)).rejects.toThrow();
  expect(await labels()).toHaveLength(0);
  await plan({ kind: "drop-after" });
  await expect(call("PUT", "/v1/labels/shp_1", parcel)).rejects.toThrow();

  expect(await labels()).toHaveLength(1);
  expect((await call("PUT", "/v1/labels/shp_1", parcel)).status).toBe(200);
});

test("a wrong key and an unknown address are answered in the carrier's own words", async () => {
  const { call } = await carrier();

  const stranger = await call("PUT", "/v1/labels/shp_1", parcel, "carrier_local_other");
  const nowhere = await call("GET", "/v1/rates");

  expect([stranger.status, nowhere.status]).toEqual([401, 404]);
  expect(await stranger.json()).toMatchObject({ error: { code: "unauthorized" } });
  expect(await nowhere.json()).toMatchObject({ error: { code: "not_found" } });
});

test("the page shows each label, and nothing that was typed becomes markup", async () => {
  const { call } = await carrier();
  const number = await trackingNumberOf(
    await call("PUT", "/v1/labels/shp_1", { ...parcel, to: { ...parcel.to, name: "<b>Ada</b>" } }),
  );

  const page = await (await call("GET", "/")).text();

  expect(page).toContain(number);
  expect(page).toContain("&lt;b&gt;Ada&lt;/b&gt;");
});

test("it starts neither in production nor with a key that may be real", async () => {
  await expect(carrier({ apiKey: "live_1" })).rejects.toThrow(/begins with carrier_local/);
  vi.stubEnv("NODE_ENV", "production");
  onTestFinished(() => void vi.unstubAllEnvs());

  await expect(carrier()).rejects.toThrow(/NODE_ENV=production/);
});
