import { html } from "hono/html";
import type { Html } from "../../pages/layout";

const sentences = {
  cancelling: (count: number) => `${runs(count)} being cancelled.`,
  replaying: (count: number) => `${runs(count)} being replayed.`,
  paused: () => "The schedule is paused. It stays so when a worker registers again.",
  resumed: () => "The schedule is on again.",
} as const;

const runs = (count: number) => (count === 1 ? "1 run is" : `${count} runs are`);

/** What was just done, in the address of the page that follows: it survives without a session. */
export function withNotice(path: string, done: keyof typeof sentences, count = 1): string {
  const [pathname = "/", query = ""] = path.split("?");
  const search = new URLSearchParams(query);
  search.set("done", `${done}-${count}`);
  return `${pathname}?${search}`;
}

export function noticeOf(query: URLSearchParams): Html | "" {
  const [done = "", count = ""] = (query.get("done") ?? "").split("-");
  if (!Object.hasOwn(sentences, done) || !/^\d{1,6}$/.test(count)) return "";
  return html`<p class="notice" role="status">${sentences[done as keyof typeof sentences](Number(count))}</p>`;
}
