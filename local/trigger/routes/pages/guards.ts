import type { Context, ErrorHandler, MiddlewareHandler } from "hono";
import { html } from "hono/html";
import { isUnreachable } from "../../db/database";
import { Refusal } from "../../engine/refusal";
import { refusalOf } from "../../http/answers";
import { readText } from "../../http/body";
import { type Page, page } from "../../pages/layout";

const formBytesMax = 8 * 1024 * 1024;

/** The pages ask for no password, so a button may only be pressed on the page itself, not by a form on another site. */
export const sameOrigin: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header("origin");
  if (!origin || origin === "null" || !URL.canParse(origin) || new URL(origin).host !== c.req.header("host")) {
    return page(c, {
      title: "Refused",
      at: "runs",
      status: 403,
      body: html`<h1>Refused</h1><p>This button works on its own page only.</p><p><a href="/">To the runs</a></p>`,
    });
  }
  await next();
};

/** Postgres has no null bytes in text: nothing that contains one can be there. */
export const withoutNullBytes: MiddlewareHandler = async (c, next) => {
  if (/%00|\0/.test(c.req.url)) throw new Refusal(400, "The address contains a null byte, which nothing here can.");
  await next();
};

export function notFound(c: Context, at: Page["at"], what: string) {
  return page(c, {
    title: "Not found",
    at,
    status: 404,
    body: html`<h1>No such ${what}</h1><p>It may have been removed after its time, or be in another database.</p><p><a href="/">To the runs</a></p>`,
  });
}

/** Errors of pages, as pages. */
export const answerWithPage: ErrorHandler = (error, c) => {
  const refusal = refusalOf(error);
  if (refusal) return errorPage(c, refusal.status, "This can not be done", refusal.message);
  if (isUnreachable(error))
    return errorPage(
      c,
      503,
      "The database is away",
      "It can not be reached at the moment. Try again in a few seconds.",
    );
  // What went wrong is for the terminal: its text may hold statements and values.
  console.error("trigger-local: unexpected error on a page", error);
  return errorPage(c, 500, "Something broke", "The terminal that the server runs in says what.");
};

function errorPage(c: Context, status: NonNullable<Page["status"]>, title: string, message: string) {
  return page(c, {
    title,
    at: "runs",
    status,
    body: html`<h1>${title}</h1><p class="isolate">${message}</p><p><a href="/">To the runs</a></p>`,
  });
}

/** The fields of a form that was sent, with its lists. Refuses what is too large or can not be stored. */
export async function formOf(c: Context): Promise<URLSearchParams> {
  const form = new URLSearchParams(await textOf(c));
  for (const value of form.values())
    if (value.includes("\0")) throw new Refusal(400, "A field contains a null byte, which can not be stored.");
  return form;
}

async function textOf(c: Context): Promise<string> {
  try {
    return await readText(c, formBytesMax);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.status, "The form is too large: at most 8 MiB are taken. Trigger such a run from code.");
  }
}

/** Pages of lists that are not ordered by time are counted from 1. */
export function pageNumberOf(query: URLSearchParams): number {
  const number = Number(query.get("page") ?? 1);
  return Number.isInteger(number) && number >= 1 && number <= 10_000 ? number : 1;
}
