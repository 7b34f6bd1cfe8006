import { randomBytes } from "node:crypto";
import { Agent, type IncomingMessage, request } from "node:http";
import { type Form, formWith } from "./form";

/** The connection broke, or nobody answered in time: whether the request was carried out is not known. */
export class ConnectionLostError extends Error {
  override name = "ConnectionLostError";
}

export type Answer = { status: number; location: string | undefined; body: string };

const answerMaxMs = 60_000;

/** Connections that several browsers share, so that what is measured is the store and not the handshakes. */
export function keepAlive(connectionsMax = 64): Agent {
  // Given up while idle before Next does it, after five seconds, at the very moment one is used again.
  const idleMaxMs = 2_000;
  return new Agent({
    keepAlive: true,
    timeout: idleMaxMs,
    maxSockets: connectionsMax,
    maxFreeSockets: connectionsMax,
  });
}

/**
 * A browser without JavaScript at one store: it keeps cookies, posts forms as they stand in the page, and follows
 * nothing by itself. One person each.
 */
export class Browser {
  /** Requests sent so far. */
  requests = 0;
  readonly #cookies = new Map<string, string>();
  readonly #origin: string;
  readonly #agent: Agent;

  constructor(origin: string, agent: Agent) {
    this.#origin = origin;
    this.#agent = agent;
  }

  /** @throws ConnectionLostError */
  get(path: string): Promise<Answer> {
    return this.#send("GET", path);
  }

  /** Sends a form of the page at `path`, with these fields filled in. @throws ConnectionLostError */
  post(path: string, form: Form, fields: Record<string, string>): Promise<Answer> {
    const sent = formWith(form, fields);
    if (form.encoding === "multipart/form-data") {
      const boundary = `----shopper${randomBytes(12).toString("hex")}`;
      const parts = sent.map(
        ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      );
      const type = `multipart/form-data; boundary=${boundary}`;
      return this.#send("POST", form.action || path, { type, text: `${parts.join("")}--${boundary}--\r\n` });
    }
    const text = new URLSearchParams(sent).toString();
    return this.#send("POST", form.action || path, { type: "application/x-www-form-urlencoded", text });
  }

  #send(method: string, path: string, body?: { type: string; text: string }): Promise<Answer> {
    this.requests++;
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = {
      accept: "text/html",
      // As every browser says with a form; the store compares it with its own address.
      ...(body && { origin: this.#origin, "content-type": body.type, "content-length": Buffer.byteLength(body.text) }),
      ...(cookie && { cookie }),
    };
    return new Promise((resolve, reject) => {
      const lost = (error: Error) => reject(new ConnectionLostError(error.message, { cause: error }));
      const sent = request(new URL(path, this.#origin), { method, headers, agent: this.#agent }, (response) => {
        this.#keepCookies(response);
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          text += part;
        });
        response.on("error", lost);
        response.on("end", () => {
          if (!response.complete) return lost(new Error("the answer was cut off"));
          resolve({ status: response.statusCode ?? 0, location: response.headers.location, body: text });
        });
      });
      sent.setTimeout(answerMaxMs, () => sent.destroy(new Error(`no answer within ${answerMaxMs / 1_000} s`)));
      sent.on("error", lost);
      sent.end(body?.text);
    });
  }

  #keepCookies(response: IncomingMessage): void {
    for (const line of response.headers["set-cookie"] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) this.#cookies.set(name, value);
    }
  }
}
