import { type Context, Hono } from "hono";
import type { Server } from "../../engine/context";
import { friendly, internal } from "../../engine/ids";
import { listTokens } from "../../engine/list-tokens";
import { parseJson } from "../../engine/payload-form";
import { Refusal } from "../../engine/refusal";
import { readPacketHead } from "../../engine/run-view";
import { countWaiters, listWaiters } from "../../engine/token-view";
import { completeToken, findToken } from "../../engine/wait-tokens";
import type { Waitpoint } from "../../engine/waitpoints";
import { page } from "../../pages/layout";
import { refusalBox } from "../../pages/parts";
import { type ListedRun, listColumns } from "../../pages/run-list";
import { completeForm, tokenFilterForm, tokenListPart, tokenPage } from "../../pages/token-pages";
import { formOf, notFound, sameOrigin } from "./guards";

const pageSize = 50;

/** The wait tokens, and completing one by hand. */
export function tokenPageRoutes(server: Server): Hono {
  const { db } = server;
  const app = new Hono();

  app.get("/tokens", async (c) => {
    const query = new URL(c.req.url).searchParams;
    const search = { status: query.get("status") ?? "", tag: (query.get("tag") ?? "").trim() };
    const link = (side: string, cursor: string | undefined) =>
      cursor ? `/tokens?${new URLSearchParams({ ...search, [side]: cursor })}` : undefined;
    const form = tokenFilterForm(search);
    try {
      const { tokens, next, previous } = await listTokens(db, {
        statuses: search.status ? [search.status] : [],
        tags: search.tag ? [search.tag] : [],
        idempotencyKey: undefined,
        from: undefined,
        to: undefined,
        pageSize,
        after: query.get("after") ?? undefined,
        before: query.get("before") ?? undefined,
      });
      const waiters = await countWaiters(
        db,
        tokens.map((token) => token.id),
      );
      const body = tokenListPart(tokens, waiters, { newer: link("before", previous), older: link("after", next) });
      return page(c, { title: "Wait tokens", at: "tokens", body: form, live: { url: "/live/floor", body } });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return page(c, {
        title: "Wait tokens",
        at: "tokens",
        status: error.status,
        body: [form, refusalBox(error.message)],
      });
    }
  });

  app.get("/tokens/:id", async (c) => {
    const token = await findToken(server, idOf(c));
    return token ? show(c, server, token) : notFound(c, "tokens", "wait token");
  });

  app.post("/tokens/:id/complete", sameOrigin, async (c) => {
    const token = await findToken(server, idOf(c));
    if (!token) return notFound(c, "tokens", "wait token");
    const typed = (await formOf(c)).get("value") ?? "";
    const { value, problem } = typed.trim() === "" ? { value: undefined, problem: undefined } : parseJson(typed);
    if (problem) return show(c, server, token, typed, problem);
    await completeToken(server, token.id, value);
    return c.redirect(`/tokens/${friendly("waitpoint", token.id)}`, 303);
  });
  return app;
}

const idOf = (c: Context) => internal("waitpoint", c.req.param("id") ?? "");

async function show(c: Context, { db }: Server, token: Waitpoint, typed = "", problem?: string) {
  const waiters = await listWaiters<ListedRun>(db, token.id, listColumns);
  const packet =
    token.output !== null && token.output_type === "application/store" ? await readPacketHead(db, token.output) : null;
  const live = {
    url: "/live/floor",
    body: tokenPage(token, waiters, packet),
    after: completeForm(token, typed, problem),
  };
  return page(c, { title: "Wait token", at: "tokens", live, ...(problem ? { status: 422 as const } : {}) });
}
