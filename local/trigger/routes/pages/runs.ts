import { Hono } from "hono";
import { actOnMatching, type BulkVerb, countMatching } from "../../engine/bulk-runs";
import type { Server } from "../../engine/context";
import { readFloor } from "../../engine/floor";
import { internal } from "../../engine/ids";
import { listRuns } from "../../engine/list-runs";
import { Refusal } from "../../engine/refusal";
import { filterOf, readRunSearch, searchQuery } from "../../engine/run-search";
import { listTaskNames } from "../../engine/tasks";
import { bulkConfirmPage } from "../../pages/bulk-confirm";
import { page } from "../../pages/layout";
import { refusalBox } from "../../pages/parts";
import { type ListedRun, listColumns, runFilterForm, runListPart } from "../../pages/run-list";
import { formOf, sameOrigin } from "./guards";
import { noticeOf, withNotice } from "./notices";

/** The list of runs, and what is done to many of them. */
export function runListRoutes(server: Server): Hono {
  const { db } = server;
  const app = new Hono();

  app.get("/", async (c) => {
    const query = new URL(c.req.url).searchParams;
    const search = readRunSearch(query);
    const form = runFilterForm(search, await listTaskNames(db));
    try {
      const filter = await filterOf(db, search);
      const [floor, runs] = await Promise.all([readFloor(db), listRuns<ListedRun>(db, filter, listColumns)]);
      const [only] = filter.ids ?? [];
      if (only && filter.ids?.length === 1 && searchQuery(search).size === 1) return c.redirect(`/runs/run_${only}`);
      const live = { url: "/live/runs", body: runListPart(search, floor, runs) };
      return page(c, { title: "Runs", at: "runs", body: [form, noticeOf(query)], live });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return page(c, { title: "Runs", at: "runs", status: error.status, body: [form, refusalBox(error.message)] });
    }
  });

  app.get("/runs/bulk", async (c) => {
    const query = new URL(c.req.url).searchParams;
    const action = actionOf(query.get("action"));
    const search = readRunSearch(query);
    const count = await countMatching(server, action, await filterOf(db, search));
    return page(c, { title: "All that match", at: "runs", body: bulkConfirmPage(action, count, searchQuery(search)) });
  });

  app.post("/runs/bulk", sameOrigin, async (c) => {
    const form = await formOf(c);
    const action = actionOf(form.get("action"));
    const isMatching = form.get("scope") === "matching";
    const query = searchQuery(readRunSearch(form));
    const filter = isMatching ? await filterOf(db, readRunSearch(form)) : await selected(form.getAll("run"));
    const count = await actOnMatching(server, action, filter);
    return c.redirect(withNotice(`/?${query}`, action === "cancel" ? "cancelling" : "replaying", count), 303);
  });

  async function selected(runs: string[]) {
    if (runs.length === 0) throw new Refusal(400, "No run is selected: tick some first.");
    const all = await filterOf(db, readRunSearch(new URLSearchParams()));
    return { ...all, ids: runs.slice(0, 100).map((id) => internal("run", id)) };
  }
  return app;
}

function actionOf(name: string | null): BulkVerb {
  if (name === "cancel" || name === "replay") return name;
  throw new Refusal(400, `"${name ?? ""}" can not be done to runs: cancel and replay can.`);
}
