import type { Server as HttpServer } from "node:http";
import { Server as SocketServer } from "socket.io";
import { startDevSocket, type Watched } from "./dev-socket";
import type { Server } from "./engine/context";
import { startHostSocket } from "./host-socket";
import { hostNamespace } from "./worker/protocol";

/** Outputs travel in these messages; the SDK sends larger ones another way from 128 KiB on, but asks nobody. */
const messageBytesMax = 64 * 1024 * 1024;

/** The sockets of both kinds of workers: `trigger dev` and worker hosts. */
export function startSockets(http: HttpServer, server: Server, watched: Watched): { close: () => Promise<void> } {
  const io = new SocketServer(http, {
    transports: ["websocket"],
    serveClient: false,
    maxHttpBufferSize: messageBytesMax,
  });
  const parts = [startDevSocket(io.of("/dev-worker"), server, watched), startHostSocket(io.of(hostNamespace), server)];
  return {
    close: async () => {
      for (const part of parts) part.close();
      await io.close();
    },
  };
}
