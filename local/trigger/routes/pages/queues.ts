import { type Context, Hono } from "hono";
import { html } from "hono/html";
import type { Server } from "../../engine/context";
import {
  findQueue,
  listKeys,
  listQueues,
  overrideQueueLimit,
  type QueueLoad,
  setQueuePaused,
} from "../../engine/queues";
import { Refusal } from "../../engine/refusal";
import { page } from "../../pages/layout";
import { pathOf, queueListPart, queuePage } from "../../pages/queue-list";
import { formOf, pageNumberOf, sameOrigin } from "./guards";

const pageSize = 100;
const limitMax = 100_000;

/** The queues: what is in them, pause one, give it another limit. */
export function queuePageRoutes(server: Server): Hono {
  const { db } = server;
  const app = new Hono();

  app.get("/queues", async (c) => {
    const number = pageNumberOf(new URL(c.req.url).searchParams);
    const queues = await listQueues(db, { limit: pageSize + 1, offset: (number - 1) * pageSize });
    const body = queueListPart(queues.slice(0, pageSize), number, queues.length > pageSize);
    return page(c, { title: "Queues", at: "queues", body: html`<h1>Queues</h1>`, live: { url: "/live/floor", body } });
  });

  app.get("/queues/:name", async (c) => {
    const queue = await requireQueue(c, server);
    const live = { url: "/live/floor", body: queuePage(queue, await listKeys(db, queue.name)) };
    return page(c, { title: queue.name, at: "queues", live });
  });

  for (const [verb, isPaused] of [
    ["pause", true],
    ["resume", false],
  ] as const) {
    app.post(`/queues/:name/${verb}`, sameOrigin, async (c) => {
      const queue = await requireQueue(c, server);
      const back = (await formOf(c)).get("back") === "/queues" ? "/queues" : pathOf(queue);
      await setQueuePaused(server, queue.name, isPaused);
      return c.redirect(back, 303);
    });
  }

  app.post("/queues/:name/override", sameOrigin, async (c) => {
    const queue = await requireQueue(c, server);
    const text = ((await formOf(c)).get("limit") ?? "").trim();
    if (!/^\d+$/.test(text) || Number(text) > limitMax)
      throw new Refusal(422, `A limit is a whole number from 0 to ${limitMax.toLocaleString("en")}, not "${text}".`);
    await overrideQueueLimit(server, queue.name, Number(text));
    return c.redirect(pathOf(queue), 303);
  });

  app.post("/queues/:name/reset", sameOrigin, async (c) => {
    const queue = await requireQueue(c, server);
    await overrideQueueLimit(server, queue.name, null);
    return c.redirect(pathOf(queue), 303);
  });
  return app;
}

async function requireQueue(c: Context, { db }: Server): Promise<QueueLoad> {
  const queue = await findQueue(db, "name", c.req.param("name") ?? "");
  if (!queue) throw new Refusal(404, "There is no such queue. A worker registers them.");
  return queue;
}
