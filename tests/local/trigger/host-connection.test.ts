import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, type Socket } from "socket.io";
import { expect, onTestFinished, test } from "vitest";
import { Connection } from "@/local/trigger/worker/connection";
import type { Execute, FromHost, FromServer, Hello, Welcome } from "@/local/trigger/worker/protocol";
import { hostNamespace } from "@/local/trigger/worker/protocol";
import { eventually } from "./host-project";

const welcome: Welcome = { isKnown: true, lost: [], leaseMs: 20_000, graceMs: 2_000 };

/** A server that answers only when the test says so. */
async function silentServer() {
  const http = createServer();
  const io = new Server<FromHost, FromServer>(http, { transports: ["websocket"] });
  const hellos: { hello: Hello; answer: (welcome: Welcome | { error: string }) => void }[] = [];
  const sockets: Socket<FromHost, FromServer>[] = [];
  io.of(hostNamespace).on("connection", (socket) => {
    sockets.push(socket);
    socket.on("hello", (hello, answer) => hellos.push({ hello, answer }));
    socket.on("renew", (answer) => answer(true));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void io.close());
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    nextHello: () => eventually("a hello", () => hellos.shift()),
    socket: () => eventually("a socket", () => sockets.at(-1)),
  };
}

function connect(apiUrl: string) {
  const begun: string[] = [];
  const changed: string[] = [];
  let opened = 0;
  const connection = new Connection({
    apiUrl,
    secretKey: "tr_dev_test",
    worker: "worker_1",
    events: {
      held: () => begun.map((run) => ({ run, attempt: 1, awaitsNext: false })),
      execute: (runs) => begun.push(...runs.map(({ execution }) => execution.run.id)),
      changed: ({ run }) => changed.push(run),
      lost: () => undefined,
      connected: () => {
        opened += 1;
      },
      keptFor: () => undefined,
    },
  });
  onTestFinished(() => connection.close());
  return { begun, changed, opened: (times: number) => eventually("an open session", () => opened >= times) };
}

const execute = (run: string) => ({ execution: { run: { id: run } }, variables: {} }) as unknown as Execute;
const lost = (run: string) => ({ run, attempt: 1, status: "LOST" as const, waitpoints: [] });

test("only what was handed out under the newest hello begins, and only such news counts", async () => {
  const server = await silentServer();
  const { begun, changed, opened } = connect(server.url);
  const first = await server.nextHello();
  first.answer(welcome);
  await opened(1);
  const socket = await server.socket();
  socket.emit("execute", 1, [execute("run_1")]);
  socket.emit("unsure", 1);
  const second = await server.nextHello();

  // Handed out before the second hello was read: it is not named there, and given back.
  socket.emit("execute", 1, [execute("run_2")]);
  socket.emit("changed", 1, lost("run_1"));
  second.answer(welcome);
  await opened(2);
  socket.emit("execute", 1, [execute("run_3")]);
  socket.emit("changed", 2, lost("run_4"));
  socket.emit("execute", 2, [execute("run_5")]);

  await eventually("the last", () => begun.includes("run_5"));
  expect(begun).toEqual(["run_1", "run_5"]);
  expect(changed).toEqual(["run_4"]);
  expect([first, second].map(({ hello }) => hello.number)).toEqual([1, 2]);
  expect(second.hello).toMatchObject({ session: first.hello.session, isNew: false, runs: [{ run: "run_1" }] });
});

test("a hello that is refused is said again, once, also when the connection was lost meanwhile", async () => {
  const server = await silentServer();
  connect(server.url);
  const refused = await server.nextHello();
  refused.answer({ error: "the database is away" });
  await new Promise((resolve) => setTimeout(resolve, 100));

  (await server.socket()).conn.close();
  const second = await server.nextHello();
  await new Promise((resolve) => setTimeout(resolve, 600));
  const more = await Promise.race([server.nextHello(), new Promise<undefined>((resolve) => setTimeout(resolve, 300))]);

  expect(second.hello.number).toBe(2);
  expect(more).toBeUndefined();
});
