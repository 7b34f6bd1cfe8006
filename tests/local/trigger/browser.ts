/** A person at the dashboard, without a script: follows links, sends forms, reads what the page says. */
export class Visitor {
  readonly #url: () => string;

  constructor(server: { url: string }) {
    this.#url = () => server.url;
  }

  async open(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; html: string; location: string | null; headers: Headers }> {
    const response = await fetch(this.#url() + path, { redirect: "manual", headers });
    return {
      status: response.status,
      html: await response.text(),
      location: response.headers.get("location"),
      headers: response.headers,
    };
  }

  async send(path: string, fields: Record<string, string> | [string, string][], headers: Record<string, string> = {}) {
    const response = await fetch(this.#url() + path, {
      method: "POST",
      redirect: "manual",
      headers: { origin: this.#url(), ...headers },
      body: new URLSearchParams(fields),
    });
    return { status: response.status, html: await response.text(), location: response.headers.get("location") };
  }
}

/** The text of a page as a person reads it. */
export function textOf(html: string): string {
  return html
    .replace(/<(style|script)[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");
}

/** The ids of the runs in the rows of a list, in their order. */
export function runsIn(html: string): string[] {
  return [...html.matchAll(/data-row[^>]*href="\/runs\/(run_[a-z0-9]+)"/g)].map((match) => match[1] ?? "");
}
