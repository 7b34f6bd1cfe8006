import { type Context, Hono } from "hono";
import { cancelRun } from "../../engine/cancel-run";
import type { Server } from "../../engine/context";
import { friendly, internal } from "../../engine/ids";
import { relatedRuns } from "../../engine/related-runs";
import { replayRun } from "../../engine/replay-run";
import { findRun } from "../../engine/run";
import {
  type DataField,
  findRunView,
  listSnapshots,
  listStreams,
  listWaiting,
  readPacketHead,
  readWholeData,
} from "../../engine/run-view";
import { page } from "../../pages/layout";
import { type ListedRun, listColumns } from "../../pages/run-list";
import { type RunDetails, runPage } from "../../pages/run-page";
import { readTrace } from "../../traces/read-trace";
import { notFound, sameOrigin } from "./guards";

/** One run: what it did, and what can be done with it. */
export function runPageRoutes(server: Server): Hono {
  const { db } = server;
  const app = new Hono();

  app.get("/runs/:id", async (c) => {
    const details = await detailsOf(server, idOf(c));
    if (!details) return notFound(c, "runs", "run");
    const live = { url: `/live/run/${idOf(c)}`, body: runPage(details) };
    return page(c, { title: `${details.run.task_id} ${friendly("run", details.run.id)}`, at: "runs", live });
  });

  app.get("/runs/:id/data/:field", async (c) => {
    const field = c.req.param("field");
    const data = isDataField(field) ? await readWholeData(db, idOf(c), field) : null;
    if (!data) return notFound(c, "runs", "data");
    // Never shown in the page's own place: whatever is in it, it is a file.
    return c.body(new Uint8Array(data.data), 200, {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${idOf(c)}-${field}${data.type.includes("json") ? ".json" : ".txt"}"`,
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
  });

  app.post("/runs/:id/cancel", sameOrigin, async (c) => {
    if (!(await findRun(db, idOf(c)))) return notFound(c, "runs", "run");
    await cancelRun(server, idOf(c));
    return c.redirect(`/runs/${friendly("run", idOf(c))}`, 303);
  });

  app.post("/runs/:id/replay", sameOrigin, async (c) => {
    if (!(await findRun(db, idOf(c)))) return notFound(c, "runs", "run");
    const replayed = await replayRun(server, idOf(c), {});
    return c.redirect(`/runs/${friendly("run", replayed.id)}`, 303);
  });
  return app;
}

const idOf = (c: Context) => internal("run", c.req.param("id") ?? "");
const isDataField = (name: string): name is DataField => ["payload", "output", "metadata"].includes(name);

async function detailsOf({ db }: Server, id: string): Promise<RunDetails | null> {
  const run = await findRunView(db, id);
  if (!run) return null;
  const packet = async (data: string | null, type: string) =>
    data !== null && type === "application/store" ? readPacketHead(db, data) : null;
  const [snapshots, trace, related, waiting, streams, payload, output] = await Promise.all([
    listSnapshots(db, id),
    readTrace(db, id),
    relatedRuns<ListedRun>(db, run, listColumns),
    listWaiting(db, id),
    listStreams(db, run),
    packet(run.payload, run.payload_type),
    packet(run.output, run.output_type),
  ]);
  return { run, snapshots, trace, related, waiting, streams, packets: { payload, output } };
}
