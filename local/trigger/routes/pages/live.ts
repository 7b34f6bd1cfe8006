import { type Context, Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { pause, watch } from "../../db/listener";
import type { Server } from "../../engine/context";
import { internal } from "../../engine/ids";

/** However much happens, a page looks this often at most. */
const restMs = 1_000;
/** A connection that is gone is noticed by writing to it. */
const pingMs = 15_000;
/** What no notification tells (tokens, a span that is open, time itself) is looked at this often. */
const tickMs = 5_000;

/** Tells open pages that what they show may have changed; they fetch it themselves. Costs nothing when none is open. */
export function liveRoutes(server: Server): Hono {
  const app = new Hono().basePath("/live");
  app.get("/runs", (c) => follow(c, server, () => true, { ticks: false }));
  app.get("/floor", (c) => follow(c, server, () => true, { ticks: true }));
  app.get("/run/:id", (c) => {
    const id = internal("run", c.req.param("id"));
    return follow(c, server, (runId) => runId === id, { ticks: true });
  });
  return app;
}

function follow(c: Context, server: Server, matches: (runId: string) => boolean, { ticks }: { ticks: boolean }) {
  return streamSSE(c, async (stream) => {
    const over = new AbortController();
    const end = () => over.abort();
    stream.onAbort(end);
    server.closing.addEventListener("abort", end);
    const events = watch(server.listener, ["run"], (change) => matches(change.r));
    let hasTrace = false;
    let wake: () => void = () => undefined;
    const onTrace = (runId: string) => {
      if (!matches(runId)) return;
      hasTrace = true;
      wake();
    };
    if (ticks) server.traces.changes.on("run", onTrace);
    try {
      await stream.writeSSE({ event: "hello", data: "", retry: 2_000 });
      while (!over.signal.aborted) {
        const traced = new AbortController();
        wake = () => traced.abort();
        if (hasTrace) wake();
        const changed = await events.wait(ticks ? tickMs : pingMs, AbortSignal.any([over.signal, traced.signal]));
        if (over.signal.aborted) break;
        const isChange = changed || hasTrace || ticks;
        hasTrace = false;
        if (isChange) await stream.writeSSE({ data: "changed" });
        else await stream.writeSSE({ event: "ping", data: "" });
        await pause(restMs, over.signal);
      }
    } finally {
      events.close();
      server.traces.changes.off("run", onTrace);
      server.closing.removeEventListener("abort", end);
    }
  });
}
