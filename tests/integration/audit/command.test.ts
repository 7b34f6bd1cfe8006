import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CouldNotLookError, UsageError } from "@/audit/errors";
import { readOptions } from "@/audit/options";
import { reportOf } from "@/audit/report";
import { begin, clockTable, openSession } from "@/audit/snapshot";
import { lockState, statePaths } from "@/local/launcher/state";
import { type Copy, type HealthyStore, healthyStore } from "./healthy-store";

let store: HealthyStore;

beforeAll(async () => {
  store = await healthyStore();
});

afterAll(() => store.close());

const stripeKey = () => process.env.STRIPE_SECRET_KEY ?? "";

/** The program as `npm run audit` starts it, with nothing of this process's environment but the path. */
function run(args: string[], environment: Record<string, string> = {}) {
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(
      process.execPath,
      ["--import", "tsx", "audit/main.ts", ...args],
      { env: { PATH: process.env.PATH ?? "", NODE_ENV: "test", ...environment } },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

function addressesOf(copy: Copy): string[] {
  return ["--database-url", copy.databaseUrl, "--stripe-url", copy.stripeUrl, "--stripe-key", stripeKey()];
}

test("a store in good order has no violations, and what was counted is told", async () => {
  const copy = await store.open({ withRuns: true });

  const result = await copy.audit();

  expect(reportOf(result).split("\n")).toEqual([
    "1  stock adds up: 2 variants, 12 movements, 1 reservation: 0 violations",
    "2  one order a checkout, one charge an order: 4 completed checkouts, 2 charges: 0 violations",
    "3  the money here is the money at Stripe: 6 orders, 6 payments, 0 invoices, 71.27 EUR here and 71.27 EUR there: 0 violations",
    "4* nothing is left undone: 6 orders of which 3 wait for a person or a parcel, 4 events, 0 imports, 15 runs: 0 violations",
    "5* each notice went out once: 5 mails sent of which 5 about orders: 0 violations",
    "6* each message has its run: 15 messages of which 15 sent, 15 runs of the last day: 0 violations",
    "audit: 0 violations",
  ]);
});

test("without a key of the task platform the runs are left out, which is said", async () => {
  const copy = await store.open();

  const { notes, violations } = await copy.audit();

  expect({ notes, violations }).toEqual({
    notes: ["The runs were left out: no key of the task platform was given."],
    violations: 0,
  });
});

test("of many violations the first twenty are told, and how many more there are", async () => {
  const copy = await store.open();
  await copy.sql(
    `insert into outbox_message (id, name, key, payload, sent_at)
     select 'out_' || n, 'order.process', 'order:' || n, '{}', now() from generate_series(1, 25) n`,
  );

  const result = await copy.audit();

  expect(result).toMatchObject({ violations: 25 });
  const lines = reportOf(result).split("\n").slice(5);
  expect(lines[0]).toContain("25 violations");
  expect(lines.filter((line) => line.startsWith("     Message "))).toHaveLength(20);
  expect(lines.slice(21)).toEqual([
    "     and 5 more",
    "The runs were left out: no key of the task platform was given.",
    "Those marked * are exact once the store is quiet: what is being worked on just now shows there.",
    "audit: 25 violations",
  ]);
});

test("nothing is written: Postgres would refuse it, and Stripe has nothing new to tell", async () => {
  const copy = await store.open();
  const events = await copy.stripe.events.list({ limit: 1 });
  const client = await openSession(copy.databaseUrl, [clockTable]);
  try {
    await begin(client, { graceMs: 0 });

    await expect(client.query("update stock_item set on_hand = 0")).rejects.toThrow(/read-only transaction/);
  } finally {
    await client.end();
  }
  await copy.audit();
  expect(await copy.stripe.events.list({ limit: 1 })).toEqual(events);
});

test("the command ends with 0 when all is well, with its last line or as JSON", async () => {
  const copy = await store.open();

  const told = await run(addressesOf(copy));
  const environment = {
    DATABASE_URL: copy.databaseUrl,
    STRIPE_API_URL: copy.stripeUrl,
    STRIPE_SECRET_KEY: stripeKey(),
  };
  const json = await run(["--json"], environment);

  expect(told).toMatchObject({ code: 0, err: "" });
  expect(told.out.trimEnd().split("\n").at(-1)).toBe("audit: 0 violations");
  expect(json).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(json.out)).toMatchObject({ violations: 0, invariants: Array.from({ length: 6 }, () => ({})) });
});

test("the command ends with 1 when there are violations", async () => {
  const copy = await store.open();
  await copy.sql("update stock_item set on_hand = on_hand + 1");

  const { code, out } = await run(addressesOf(copy));

  expect(code).toBe(1);
  expect(out.trimEnd().split("\n").at(-1)).toBe("audit: 2 violations");
});

test.each(["--database-url", "--stripe-url"])("the command ends with 2 when %s leads nowhere", async (flag) => {
  const copy = await store.open();
  const nowhere = flag === "--database-url" ? "postgres://nobody@127.0.0.1:1/none" : "http://127.0.0.1:1";

  const { code, out, err } = await run([...addressesOf(copy), flag, nowhere]);

  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(flag === "--database-url" ? /^The database could not be read: / : /^Stripe could not be read: /);
});

test("a task platform that is away is an audit that could not look", async () => {
  const copy = await store.open();

  const looked = copy.audit({ trigger: { key: "tr_dev_localtests", url: "http://127.0.0.1:1" } });

  await expect(looked).rejects.toBeInstanceOf(CouldNotLookError);
  await expect(looked).rejects.toThrow(/^The runs could not be read: /);
});

test("a database without the store's tables could not be looked at", async () => {
  const copy = await store.open();
  await copy.sql("drop table sent_mail");

  await expect(copy.audit()).rejects.toThrow(/sent_mail/);
});

test("the running demo is what is checked by default; flags and variables name another store", async () => {
  const folder = await mkdtemp(join(tmpdir(), "shopfloor-audit-state-"));
  const release = await lockState(folder);
  try {
    const settings = { DATABASE_URL: "postgres://demo", STRIPE_SECRET_KEY: "sk_demo", STRIPE_API_URL: "http://stripe" };
    const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
    await writeFile(statePaths(folder).env, lines.join("\n"));

    expect(await readOptions(["--state", folder, "--grace", "15"], {}, "/")).toMatchObject({
      options: { databaseUrl: "postgres://demo", stripe: { key: "sk_demo", url: "http://stripe" }, graceMs: 900_000 },
    });
    const other = { SHOPFLOOR_STATE: folder, DATABASE_URL: "postgres://other", STRIPE_SECRET_KEY: "rk_live_1" };
    expect(await readOptions([], other, "/")).toMatchObject({
      options: { databaseUrl: "postgres://other", stripe: { key: "rk_live_1", url: undefined } },
    });
    await expect(readOptions(["--stripe-key", "rk_live_1"], { SHOPFLOOR_STATE: folder }, "/")).rejects.toThrow(
      /^Name the database too/,
    );
  } finally {
    await release();
    await rm(folder, { recursive: true });
  }
});

test.each([
  [["--frobnicate"], /frobnicate/],
  [["--grace", "soon"], /--grace is "soon"/],
  [["--database-url", "postgres://other"], /^Give a key of Stripe's/],
  [["--state", "/nowhere"], /^No shop is running on \/nowhere/],
])("%j is refused with a sentence", async (args, sentence) => {
  const asked = readOptions(
    args,
    { DATABASE_URL: "postgres://other", STRIPE_SECRET_KEY: args[0] === "--database-url" ? "" : "sk_1" },
    "/",
  );

  await expect(asked).rejects.toBeInstanceOf(UsageError);
  await expect(asked).rejects.toThrow(sentence);
});
