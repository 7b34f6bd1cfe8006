import { randomBytes } from "node:crypto";
import { request } from "node:http";
import type { Socket } from "node:net";
import { onTestFinished } from "vitest";

type Notification = { version: string; run: { friendlyId: string } };

/** The worker's socket.io connection with nothing but Node: one namespace, text frames below 64 KiB. */
export class WorkerSocket {
  readonly #socket: Socket;
  #rest = Buffer.alloc(0);
  #onNotify: (notification: Notification) => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    onTestFinished(() => void socket.destroy());
  }

  /** Connects to `/dev-worker`; rejects with the server's reason when it refuses. */
  static open(url: string, key: string | undefined): Promise<WorkerSocket> {
    return new Promise((resolve, reject) => {
      const sent = request(`${url}/socket.io/?EIO=4&transport=websocket`, {
        headers: {
          connection: "Upgrade",
          upgrade: "websocket",
          "sec-websocket-version": "13",
          "sec-websocket-key": randomBytes(16).toString("base64"),
          ...(key ? { authorization: `Bearer ${key}` } : {}),
        },
      });
      sent.on("error", reject);
      sent.on("upgrade", (_response, socket, head) => {
        const worker = new WorkerSocket(socket);
        const read = (data: Buffer) => {
          for (const text of worker.#frames(data)) {
            if (text.startsWith("0")) worker.#send("40/dev-worker,");
            else if (text === "2") worker.#send("3");
            else if (text.startsWith("40/dev-worker")) resolve(worker);
            else if (text.startsWith("44/dev-worker,")) reject(new Error(JSON.parse(text.slice(14)).message));
            else if (text.startsWith('42/dev-worker,["run:notify"')) worker.#onNotify(JSON.parse(text.slice(14))[1]);
          }
        };
        read(head);
        socket.on("data", read);
      });
      sent.end();
    });
  }

  subscribe(runId: string): void {
    this.#send(`42/dev-worker,${JSON.stringify(["run:subscribe", { version: "1", runFriendlyIds: [runId] }])}`);
  }

  notification(): Promise<Notification> {
    return new Promise((resolve) => {
      this.#onNotify = resolve;
    });
  }

  /** Like the end of its process: the connection is simply gone. */
  drop(): void {
    this.#socket.destroy();
  }

  #send(text: string): void {
    const data = Buffer.from(text);
    const mask = randomBytes(4);
    const length =
      data.length < 126
        ? Buffer.from([0x80 | data.length])
        : Buffer.from([0x80 | 126, data.length >> 8, data.length & 0xff]);
    const masked = data.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    this.#socket.write(Buffer.concat([Buffer.from([0x81]), length, mask, masked]));
  }

  #frames(data: Buffer): string[] {
    this.#rest = Buffer.concat([this.#rest, data]);
    const texts: string[] = [];
    while (this.#rest.length >= 2) {
      const short = (this.#rest[1] ?? 0) & 0x7f;
      const start = short === 126 ? 4 : 2;
      if (this.#rest.length < start) break;
      const end = start + (short === 126 ? this.#rest.readUInt16BE(2) : short);
      if (this.#rest.length < end) break;
      texts.push(this.#rest.subarray(start, end).toString());
      this.#rest = this.#rest.subarray(end);
    }
    return texts;
  }
}
