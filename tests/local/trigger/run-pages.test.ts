import { configure, runs, tasks } from "@trigger.dev/sdk";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "@/local/trigger/db/database";
import { answerWithPage } from "@/local/trigger/routes/pages/guards";
import { expectConsoleError } from "@/tests/support/console";
import { runsIn, textOf, Visitor } from "./browser";
import { logExport, spanExport } from "./otlp";
import { secretKey, triggerServerForFile } from "./server";
import { TestWorker, until } from "./worker";

const server = triggerServerForFile();
const visitor = new Visitor(server);
let worker: TestWorker;
let db: Database;

beforeAll(async () => {
  configure({ baseURL: server.url, accessToken: secretKey });
  db = openDatabase(server.database.url);
  worker = await new TestWorker(server.url).register([
    { id: "saw", retry: { maxAttempts: 2 } },
    { id: "weld", retry: { maxAttempts: 1 } },
    { id: "paint" },
  ]);
});

afterAll(() => db.end());

const internal = (id: string) => id.slice(id.indexOf("_") + 1);
const statusOf = async (id: string) => (await runs.retrieve(id)).status;

test("filters by status, task, tag, time and id show exactly the runs they mean, and work together", async () => {
  const { id: failed } = await tasks.trigger("weld", {}, { tags: ["ord_1", "ada"] });
  await worker.fail(await worker.next(), "no gas");
  const { id: done } = await tasks.trigger("saw", {}, { tags: ["ord_1"] });
  await worker.complete(await worker.next());
  const { id: delayed } = await tasks.trigger("saw", {}, { delay: "1h", tags: ["lin"] });
  const { id: old } = await tasks.trigger("saw", {}, { delay: "1h", tags: ["lin"] });
  await db.query("update run set created_at = now() - interval '3 days' where id = $1", [internal(old)]);

  const shown = async (query: string) => runsIn((await visitor.open(`/?${query}`)).html);
  expect(await shown("status=FAILED&status=COMPLETED")).toEqual([done, failed]);
  expect(await shown("status=DELAYED")).toEqual([delayed, old]);
  expect(await shown("task=saw&tag=ord_1")).toEqual([done]);
  expect(await shown("tag=ada")).toEqual([failed]);
  expect(await shown("tag=lin&time=1h")).toEqual([delayed]);
  expect(await shown("tag=lin&time=7d")).toEqual([delayed, old]);
  const day = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
  expect(await shown(`time=custom&from=${day}T00:00&to=${day}T23:59`)).toEqual([old]);
  expect((await visitor.open(`/?id=${failed.slice(-8)}`)).location).toBe(`/runs/${failed}`);
  expect(await shown(`id=${failed.slice(-8)}&task=weld`)).toEqual([failed]);
  await Promise.all([delayed, old].map((id) => runs.cancel(id)));
});

test.each([
  ["a status nobody has", "/?status=BROKEN", 400],
  ["a date that is none", "/?time=custom&from=tomorrow", 400],
  ["a period that is none", "/?time=soon", 400],
  ["a null byte in a filter", "/?tag=%00", 400],
  ["a null byte in a path", "/runs/run_%00", 400],
  ["a run that is not there", "/runs/run_nobody", 404],
  ["data of a run that is not there", "/runs/run_nobody/data/payload", 404],
  ["an action nobody knows", "/runs/bulk?action=paint", 400],
  ["a task that is not there", "/tasks/nobody", 404],
  ["a queue that is not there", "/queues/nobody", 404],
  ["a wait token that is not there", "/tokens/waitpoint_nobody", 404],
  ["a token status nobody has", "/tokens?status=BROKEN", 400],
])("%s gets a page that says so", async (_, path, status) => {
  const page = await visitor.open(path);

  expect(page.status).toBe(status);
  expect(page.headers.get("content-type")).toContain("text/html");
  expect(page.html).toContain("<h1>");
});

test("a notice that nobody gives is none", async () => {
  expect((await visitor.open("/?done=__proto__-1")).status).toBe(200);
  expect((await visitor.open("/?done=toString-1")).html).not.toContain('class="notice"');
});

describe("hostile content", () => {
  const evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'\u202e\u0000&";

  test("in payload, output, metadata, tags, errors and traces is only ever text", async () => {
    const payload = { evil, long: "x".repeat(20_000) };
    const { id } = await tasks.trigger("saw", payload, {
      tags: ["<b>tag</b>"],
      metadata: { evil },
      idempotencyKey: "<i>key</i>",
    });
    const attempt = await worker.next();
    await fetch(`${server.url}/otel/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(
        spanExport({
          runId: id,
          id: "a8bf071cf5269e49",
          name: evil,
          tookMs: 1,
          error: evil,
          attributes: { [evil]: evil },
        }),
      ),
    });
    await fetch(`${server.url}/otel/v1/logs`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(logExport({ runId: id, message: evil })),
    });
    await worker.complete(attempt, { evil });
    const html = await until("the trace", async () => {
      const page = await visitor.open(`/runs/${id}`);
      return (
        page.html.includes("log") &&
        page.html.includes("alert(1)") &&
        page.html.split("onerror").length > 6 &&
        page.html
      );
    });
    const list = (await visitor.open("/?tag=%3Cb%3Etag%3C%2Fb%3E")).html;

    for (const page of [html, list]) {
      expect(page.match(/<script/g)).toHaveLength(1);
      expect(page).not.toMatch(/<img|<b>tag|<i>key/);
    }
    // What would turn the direction of the text is written out.
    expect(html + list).not.toContain("\u202e");
    expect(html).toContain("\\u202e");
    expect(textOf(html)).toContain("onerror=alert(1)>");
    expect(runsIn(list)).toEqual([id]);
  });

  test("pages allow no script, style or frame but their own", async () => {
    const { headers } = await visitor.open("/");

    expect(headers.get("content-security-policy")).toMatch(
      /default-src 'none'.*script-src 'nonce-[^']+'.*frame-ancestors 'none'/,
    );
  });
});

test("a large payload is shown in part, and is to be had whole as a file that no browser opens", async () => {
  const text = "y".repeat(400_000);
  const { id } = await tasks.trigger("paint", { text }, { delay: "1h" });
  await db.query("update run set payload = $2, payload_type = 'application/json' where id = $1", [
    internal(id),
    JSON.stringify({ text }),
  ]);

  const page = await visitor.open(`/runs/${id}`);
  const file = await visitor.open(`/runs/${id}/data/payload`);

  expect(page.html.length).toBeLessThan(200_000);
  expect(textOf(page.html)).toContain("Only the beginning is shown");
  expect(JSON.parse(file.html)).toEqual({ text });
  expect([file.headers.get("content-disposition"), file.headers.get("content-type")]).toEqual([
    `attachment; filename="${internal(id)}-payload.json"`,
    "application/octet-stream",
  ]);
  await runs.cancel(id);
});

test("a payload that was stored as a file is shown when it is text, and named when it is not", async () => {
  const { id } = await tasks.trigger("paint", {}, { delay: "1h" });
  const { id: binary } = await tasks.trigger("paint", {}, { delay: "1h" });
  await db.query(
    "insert into packet (path, content_type, data) values ('t.json', 'application/json', $1), ('b.bin', 'application/octet-stream', $2)",
    [Buffer.from('{"stored":true}'), Buffer.from([0, 159, 146, 150])],
  );
  await db.query(
    "update run set payload_type = 'application/store', payload = case when id = $1 then 't.json' else 'b.bin' end where id in ($1, $2)",
    [internal(id), internal(binary)],
  );

  expect(textOf((await visitor.open(`/runs/${id}`)).html)).toContain('"stored": true');
  expect(textOf((await visitor.open(`/runs/${binary}`)).html)).toContain("This is not text");
  expect((await visitor.open(`/runs/${id}/data/payload`)).html).toBe('{"stored":true}');
  await Promise.all([id, binary].map((one) => runs.cancel(one)));
});

test("a run's page tells its attempts, waits, error, family and what it waits for", async () => {
  const { id } = await tasks.trigger("saw", { n: 1 });
  const first = await worker.next();
  await worker.fail(first, "the blade broke", { delay: 10 });
  const again = await worker.call<{ execution: { run: { id: string } }; snapshot: { friendlyId: string } }>(
    "POST",
    `/engine/v1/dev/runs/${id}/snapshots/${(await worker.state(id)).snapshot.friendlyId}/attempts/start`,
    {},
  );
  await worker.call("POST", "/api/v1/tasks/paint/trigger", {
    payload: "{}",
    options: { parentRunId: id, resumeParentOnCompletion: true },
  });

  const text = textOf((await visitor.open(`/runs/${id}`)).html);
  const list = await visitor.open(`/?parent=${id}`);

  expect(again.status).toBe(200);
  for (const part of [
    "Queue",
    "Attempt 1",
    "Pause before attempt 2",
    "Attempt 2",
    "Waits for run_",
    "Started by this run",
    "paint",
  ])
    expect(text).toContain(part);
  expect(runsIn(list.html)).toHaveLength(1);
  await visitor.send(`/runs/${id}/cancel`, {});
  expect(textOf((await visitor.open(`/runs/${id}`)).html)).toContain("Canceling");
});

test("streams out of a run and into it are shown with their last parts", async () => {
  const { id } = await tasks.trigger("paint", {}, { delay: "1h" });
  await db.query(
    `insert into stream_chunk (run_id, key, seq, id, data)
     select $1, 'progress', n, n, json_build_object('step', n)::text from generate_series(0, 9) n
     union all select $1, '$input/orders', 0, 0, '"<b>ord_1"'`,
    [internal(id)],
  );
  await db.query("update run set realtime_streams = '{empty,progress}' where id = $1", [internal(id)]);

  const text = textOf((await visitor.open(`/runs/${id}`)).html);

  expect(text).toContain('orders 1 part, sent to the run "<b>ord_1" empty 0 parts progress 10 parts … {"step" : 5}');
  await runs.cancel(id);
});

describe("many runs at once", () => {
  const delayed = async (count: number, tag: string) => {
    const handles = await Promise.all(
      Array.from({ length: count }, () => tasks.trigger("paint", { tag }, { delay: "1h", tags: [tag] })),
    );
    return handles.map((handle) => handle.id);
  };

  test("the selected ones are cancelled, the others are not", async () => {
    const [one = "", two = "", three = ""] = await delayed(3, "selected");

    const answer = await visitor.send("/runs/bulk", [
      ["action", "cancel"],
      ["tag", "selected"],
      ["run", one],
      ["run", two],
    ]);

    expect([answer.status, answer.location]).toEqual([303, "/?tag=selected&done=cancelling-2"]);
    await until(
      "both to be cancelled",
      async () => (await statusOf(one)) === "CANCELED" && (await statusOf(two)) === "CANCELED",
    );
    expect(await statusOf(three)).toBe("DELAYED");
    expect(textOf((await visitor.open(answer.location ?? "")).html)).toContain("2 runs are being cancelled");
  });

  test("all that match are counted first, and then cancelled", async () => {
    const ids = await delayed(4, "matching");
    const [other = ""] = await delayed(1, "other");

    const confirm = await visitor.open("/runs/bulk?action=cancel&tag=matching");
    await visitor.send("/runs/bulk", { action: "cancel", scope: "matching", tag: "matching" });

    expect(textOf(confirm.html)).toContain("Cancel 4 runs");
    await server.restart();
    await until("all to be cancelled", async () =>
      (await Promise.all(ids.map(statusOf))).every((status) => status === "CANCELED"),
    );
    expect(await statusOf(other)).toBe("DELAYED");
  });

  test("replaying makes a new run for each, and a second time is another", async () => {
    const ids = await delayed(2, "again");
    const action = [["action", "replay"], ...ids.map((id) => ["run", id])] as [string, string][];

    const answer = await visitor.send("/runs/bulk", action);

    expect(answer.location).toBe("/?done=replaying-2");
    const all = await until("both to be replayed", async () => {
      const listed = runsIn((await visitor.open("/?tag=again")).html);
      return listed.length >= 4 && listed;
    });
    expect(all).toHaveLength(4);
    expect(all).toEqual(expect.arrayContaining(ids));
  });

  test("more replays than may be made at once are refused on the page that counts", async () => {
    await db.query(
      `insert into run (id, task_id, status, execution_status, queue, queue_time, available_at, tags)
       select 'many' || n, 'paint', 'CANCELED', 'FINISHED', 'task/paint', now(), now(), '{many}' from generate_series(1, 1001) n`,
    );

    const { html } = await visitor.open("/runs/bulk?action=replay&tag=many");

    expect(textOf(html)).toContain("More than 1,000 runs match the filter");
    expect(html).not.toContain('name="action" value="replay"');
  });

  test.each([
    ["nothing selected", { action: "cancel" }, 400],
    ["an unknown action", { action: "paint", run: "run_x" }, 400],
    ["a bad filter", { action: "cancel", scope: "matching", status: "BROKEN" }, 400],
    ["a null byte", { action: "cancel", scope: "matching", tag: "\0" }, 400],
  ])("%s is refused with a page", async (_, fields, status) => {
    expect((await visitor.send("/runs/bulk", fields as Record<string, string>)).status).toBe(status);
  });
});

test("pages of a list lead on and back without a gap", async () => {
  await db.query(
    `insert into run (id, task_id, status, execution_status, queue, queue_time, available_at, created_at)
     select 'paged' || n, 'paged', 'CANCELED', 'FINISHED', 'task/paged', now(), now(), now() - n * interval '1 second' from generate_series(1, 120) n`,
  );
  const linkTo = (html: string, rel: string) =>
    new RegExp(`href="([^"]+)" rel="${rel}"`).exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";

  const first = await visitor.open("/?task=paged");
  const second = await visitor.open(linkTo(first.html, "next"));
  const third = await visitor.open(linkTo(second.html, "next"));
  const back = await visitor.open(linkTo(second.html, "prev"));

  expect([first, second, third].flatMap((page) => runsIn(page.html))).toEqual(
    Array.from({ length: 120 }, (_, n) => `run_paged${n + 1}`),
  );
  expect(runsIn(back.html)).toEqual(runsIn(first.html));
  expect(linkTo(third.html, "next")).toBe("");
});

test("an open list hears that something changed, at most once a second, and fetches only its live part", async () => {
  const abort = new AbortController();
  const response = await fetch(`${server.url}/live/runs`, { signal: abort.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  const listening = (async () => {
    for (;;) {
      const part = await reader?.read();
      if (!part || part.done) return;
      heard += part.value;
    }
  })().catch(() => undefined);
  await until("the greeting", async () => heard.includes("event: hello"));
  const since = Date.now();

  const ids = await Promise.all(
    Array.from({ length: 20 }, () => tasks.trigger("paint", {}, { delay: "1h", tags: ["live"] })),
  );
  await until("a change", async () => heard.includes("data: changed"));
  const secondsPassed = (Date.now() - since) / 1_000;
  abort.abort();
  await listening;
  const fragment = await visitor.open("/?tag=live", { "x-fragment": "live" });

  expect(heard.match(/data: changed/g)?.length).toBeLessThanOrEqual(1 + Math.ceil(secondsPassed));
  expect(fragment.html).not.toContain("<html");
  expect(runsIn(fragment.html)).toHaveLength(ids.length);
  await Promise.all(ids.map(({ id }) => runs.cancel(id)));
});

test.each([
  "/runs/bulk",
  "/runs/run_x/cancel",
  "/tasks/saw",
  "/schedules/x/pause",
  "/queues/x/pause",
  "/queues/x/override",
  "/tokens/x/complete",
])("a form on another site can not press %s", async (path) => {
  const fields = { action: "cancel", scope: "matching", do: "run", mode: "raw", payload: "{}" };

  expect((await visitor.send(path, fields, { origin: "https://evil.example" })).status).toBe(403);
  expect((await visitor.send(path, fields, { origin: "null" })).status).toBe(403);
  expect((await visitor.send(path, fields, { origin: "no address" })).status).toBe(403);
});

test("a form that is too large gets a page that says so, also when it does not say its length", async () => {
  const send = (body: BodyInit) =>
    fetch(`${server.url}/runs/bulk`, {
      method: "POST",
      headers: { origin: server.url, "content-type": "application/x-www-form-urlencoded" },
      body,
      duplex: "half",
    } as RequestInit);
  // Fewer characters than bytes are allowed.
  const large = `tag=${"ä".repeat(5 * 1024 * 1024)}`;

  for (const body of [large, new Blob([large]).stream()]) {
    const answer = await send(body);
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain("at most 8 MiB");
  }
});

test("a page says nothing about what broke inside", async () => {
  const app = new Hono();
  app.onError(answerWithPage);
  app.get("/broken", () => {
    throw new Error("select secret from nowhere");
  });
  app.get("/unstorable", () => {
    throw Object.assign(new Error("invalid byte sequence"), { code: "22021" });
  });
  app.get("/long", () => {
    throw Object.assign(new Error("index row size 4000 exceeds"), { code: "54000" });
  });
  expectConsoleError(/unexpected error on a page/);

  for (const [path, status] of [
    ["/broken", 500],
    ["/unstorable", 400],
    ["/long", 400],
  ] as const) {
    const answer = await app.request(path);
    expect(answer.status).toBe(status);
    expect(textOf(await answer.text())).not.toMatch(/secret|byte sequence|index row/);
  }
});

test("text that can not be stored is refused with 400 by the API too", async () => {
  const answer = await worker.call("POST", "/api/v1/tasks/saw/trigger", {
    options: { concurrencyKey: "nul\0byte" },
  });

  expect(answer.status).toBe(400);
});
