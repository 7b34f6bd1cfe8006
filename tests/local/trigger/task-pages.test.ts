import { configure, runs, tasks } from "@trigger.dev/sdk";
import { beforeAll, describe, expect, test } from "vitest";
import { defaultValues, fieldsOf, payloadFrom, valuesOf } from "@/local/trigger/engine/payload-form";
import { textOf, Visitor } from "./browser";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker } from "./worker";

const server = triggerServerForFile();
const visitor = new Visitor(server);
let worker: TestWorker;

/** As zod's schemas arrive from the command line. */
const orderSchema = {
  type: "object",
  properties: {
    orderId: { type: "string", minLength: 3, description: "The order, ord_…" },
    quantity: { type: "integer", minimum: 1, maximum: 100, default: 1 },
    finish: { type: "string", enum: ["oak", "beech"] },
    express: { type: "boolean" },
    due: { type: "string", format: "date-time" },
    note: { anyOf: [{ type: "string" }, { type: "null" }] },
    sizes: { type: "array", items: { type: "number" } },
    names: { type: "array", items: { type: "string" } },
    ship: { $ref: "#/definitions/address" },
    extra: { type: "array", items: { type: "object" } },
  },
  required: ["orderId", "quantity", "finish", "note"],
  definitions: {
    address: {
      type: "object",
      properties: { street: { type: "string" }, zip: { type: "string" } },
      required: ["street"],
    },
  },
};

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  worker = await new TestWorker(server.url).register([
    { id: "order", payloadSchema: orderSchema },
    { id: "plain", retry: { maxAttempts: 3, minTimeoutInMs: 1_000, factor: 2 } },
    { id: "nightly", triggerSource: "schedule", schedule: { cron: "0 3 * * *", timezone: "Europe/Paris" } },
  ]);
});

const runOf = async (location: string | null) => {
  expect(location).toMatch(/^\/runs\/run_/);
  return runs.retrieve((location ?? "").slice("/runs/".length));
};

/** The run as its worker receives it. */
async function takeRun(id: string) {
  for (const message of await worker.dequeue()) if (message.run.friendlyId === id) return worker.start(message);
  throw new Error(`${id} was not handed out`);
}

describe("a payload schema as a form", () => {
  const fields = fieldsOf(orderSchema) ?? [];

  test("has a field for each property, what is needed first, and JSON for what no field fits", () => {
    expect(fields.map((field) => [field.label, field.kind, field.isRequired])).toEqual([
      ["orderId", "text", true],
      ["quantity", "integer", true],
      ["finish", "choice", true],
      ["note", "text", true],
      ["express", "boolean", false],
      ["due", "datetime", false],
      ["sizes", "numbers", false],
      ["names", "list", false],
      ["ship", "object", false],
      ["extra", "json", false],
    ]);
    expect(defaultValues(fields)).toEqual(new Map([["/quantity", "1"]]));
  });

  test("gives back the payload it was filled from", () => {
    const payload = {
      orderId: "ord_1",
      quantity: 2,
      finish: "oak",
      note: null,
      express: false,
      due: "2026-01-31T09:00:00.000Z",
      sizes: [1.5, 2],
      names: ["ada", "lin"],
      ship: { street: "Main St", zip: "1" },
      extra: [{ a: 1 }],
    };
    const values = valuesOf(fields, payload) ?? new Map();

    expect(payloadFrom(fields, values)).toEqual({ payload, problems: new Map() });
  });

  test("leaves empty optional parts out, and asks for those of an optional part that was begun", () => {
    const needed: [string, string][] = [
      ["/orderId", "ord_1"],
      ["/quantity", "1"],
      ["/finish", '"oak"'],
    ];

    expect(payloadFrom(fields, new Map(needed)).payload).toEqual({
      orderId: "ord_1",
      quantity: 1,
      finish: "oak",
      note: null,
    });
    expect([...payloadFrom(fields, new Map([...needed, ["/ship/zip", "1"]])).problems.keys()]).toEqual([
      "/ship/street",
    ]);
  });

  test.each([
    ["/orderId", "ab", "at least 3"],
    ["/orderId", "", "needed"],
    ["/quantity", "many", "not a number"],
    ["/quantity", "1.5", "whole number"],
    ["/quantity", "101", "at most 100"],
    ["/finish", '"plastic"', "Choose one"],
    ["/due", "soon", "not a date"],
    ["/sizes", "1\ntwo", "One number per line"],
    ["/extra", "[{]", "line 1"],
  ])("says what is wrong with %s = %j", (name, value, problem) => {
    const values = new Map([
      ["/orderId", "ord_1"],
      ["/quantity", "1"],
      ["/finish", '"oak"'],
      [name, value],
    ]);

    const { problems } = payloadFrom(fields, values);

    expect([...problems.keys()]).toEqual([name]);
    expect(problems.get(name)).toContain(problem);
  });

  test.each([
    [null],
    [{ type: "string" }],
    [{ type: "object" }],
    [{ type: "object", properties: {} }],
    ["nonsense"],
    [{ $ref: "#/nowhere" }],
  ])("%j has no form, only JSON", (schema) => {
    expect(fieldsOf(schema)).toBeUndefined();
  });

  test("a schema that refers to itself ends in JSON", () => {
    const tree = { type: "object", properties: { child: { $ref: "#" } } };

    expect(JSON.stringify(fieldsOf(tree))).toContain('"kind":"json"');
  });
});

test("a form that is filled in starts a run with that payload, marked as a test, with its options", async () => {
  const { status, location } = await visitor.send("/tasks/order", {
    do: "run",
    mode: "form",
    "p/orderId": "ord_1",
    "p/quantity": "2",
    "p/finish": '"oak"',
    "p/names": "ada\nlin",
    "o-test": "yes",
    "o-tags": "ord_1, bench",
    "o-delay": "1h",
    "o-maxAttempts": "5",
    "o-queue": "order",
    "o-idempotencyKey": "once",
  });

  expect(status).toBe(303);
  expect(await runOf(location)).toMatchObject({
    payload: { orderId: "ord_1", quantity: 2, finish: "oak", note: null, names: ["ada", "lin"] },
    isTest: true,
    tags: ["bench", "ord_1"],
    status: "DELAYED",
    idempotencyKey: "once",
  });
});

test("what is wrong is said beside the fields, what was typed stays, and nothing is started", async () => {
  const before = (await runs.list({ taskIdentifier: "order" })).data.length;

  const { status, html } = await visitor.send("/tasks/order", {
    do: "run",
    mode: "form",
    "p/orderId": "ab",
    "p/quantity": "many",
    "p/finish": '"oak"',
    "o-ttl": "soon",
    "o-priority": "high",
    "o-tags": '"><script>',
  });

  expect(status).toBe(422);
  for (const part of ['value="ab"', 'value="many"', 'value="soon"', 'value="high"', "&quot;&gt;&lt;script&gt;"])
    expect(html).toContain(part);
  expect(html.match(/aria-invalid="true"/g)).toHaveLength(4);
  expect((await runs.list({ taskIdentifier: "order" })).data).toHaveLength(before);
});

test("a refusal of the engine is shown with what was typed", async () => {
  const { status, html } = await visitor.send("/tasks/plain", {
    do: "run",
    mode: "raw",
    payload: '{"kept":true}',
    "o-tags": Array.from({ length: 11 }, (_, n) => `t${n}`).join(","),
  });

  expect(status).toBe(422);
  expect(textOf(html)).toContain("10 tags");
  expect(textOf(html)).toContain('{"kept":true}');
});

test("JSON that breaks is refused, and JSON that does not starts a run", async () => {
  const broken = await visitor.send("/tasks/plain", { do: "run", mode: "raw", payload: '{\n  "a": }' });
  const whole = await visitor.send("/tasks/plain", { do: "run", mode: "raw", payload: ' {"a": "</script>\\u0000"} ' });
  const none = await visitor.send("/tasks/plain", { do: "run", mode: "raw", payload: "" });

  expect([broken.status, textOf(broken.html).includes("This is not JSON")]).toEqual([422, true]);
  expect(await runOf(whole.location)).toMatchObject({ payload: { a: "</script>\u0000" }, isTest: false });
  expect((await runOf(none.location)).payload).toBeUndefined();
});

test("between form and JSON nothing that was typed is lost", async () => {
  const asJson = await visitor.send("/tasks/order", {
    do: "raw",
    mode: "form",
    "p/orderId": "ord_7",
    "p/quantity": "many",
  });
  const asForm = await visitor.send("/tasks/order", {
    do: "form",
    mode: "raw",
    payload: '{"orderId":"ord_8","ship":{"zip":"12"}}',
  });
  const impossible = await visitor.send("/tasks/order", { do: "form", mode: "raw", payload: '{"unknown":1}' });

  expect(textOf(asJson.html)).toContain('"orderId": "ord_7", "quantity": "many"');
  expect(asForm.html).toContain('name="p/orderId" value="ord_8"');
  expect(asForm.html).toContain('name="p/ship/zip" value="12"');
  expect(textOf(impossible.html)).toContain('{"unknown":1}');
});

test("a run's payload can be taken over and changed", async () => {
  const { id } = await tasks.trigger(
    "order",
    { orderId: "ord_55", quantity: 3, finish: "beech", note: "soft" },
    { tags: ["vip"] },
  );
  const { id: other } = await tasks.trigger("order", { somethingElse: true });

  const form = await visitor.open(`/tasks/order?from=${id}`);
  const raw = await visitor.open(`/tasks/order?from=${other}`);
  const gone = await visitor.open("/tasks/order?from=run_nobody");

  expect(form.html).toContain('name="p/orderId" value="ord_55"');
  expect(form.html).toContain('name="o-tags" value="vip"');
  expect(form.html).toMatch(/<option value="&quot;beech&quot;" selected>/);
  expect(textOf(raw.html)).toContain('"somethingElse": true');
  expect(textOf(gone.html)).toContain("not there any more");
  expect(textOf(form.html)).toContain('{"orderId":"ord_55"');
});

test("a scheduled task is tried with dates that are dates", async () => {
  const { location } = await visitor.send("/tasks/nightly", {
    do: "run",
    mode: "form",
    "p/timestamp": "2026-01-31T03:00:00",
    "p/timezone": "Europe/Paris",
    "p/scheduleId": "sched_test",
  });
  const bad = await visitor.send("/tasks/nightly", { do: "run", mode: "raw", payload: '{"timestamp":"soon"}' });

  const run = await runOf(location);
  expect(run.payload).toMatchObject({
    timestamp: "2026-01-31T03:00:00.000Z",
    timezone: "Europe/Paris",
    upcoming: expect.arrayContaining(["2026-02-01T02:00:00.000Z"]),
  });
  expect((await takeRun(run.id)).payload).toMatchObject({
    meta: { values: { timestamp: ["Date"], "upcoming.0": ["Date"] } },
  });
  expect(bad.status).toBe(400);
});

test("the list of tasks tells file, queue, retries and schedule of the newest version", async () => {
  const text = textOf((await visitor.open("/tasks")).html);

  expect(text).toContain(worker.version);
  for (const part of ["tasks.ts", "task/plain", "3 attempts", "At 03:00"]) expect(text).toContain(part);
});
