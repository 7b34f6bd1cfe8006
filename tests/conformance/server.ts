import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { freePort } from "@/local/machine/ports";
import type { StartProcess } from "./child";

export type ServerUnderTest = {
  url: string;
  secretKey: string;
  accessToken: string;
  projectRef: string;
  /** Kills the server and starts it again, at the same address and on the same database; returns when it answers. */
  restartCommand: string;
  stop: () => Promise<void>;
};

const startMaxMs = 60_000;

/** Starts the server as a process of its own. Whoever runs its restart command asks this process to do it. */
export async function startServer(start: StartProcess, databaseUrl: string, logFile: string): Promise<ServerUnderTest> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const keys = { secretKey: "tr_dev_conformance", accessToken: "tr_pat_conformance", projectRef: "proj_conformance" };
  const launch = async () => {
    const child = start(["--import", "tsx", join(process.cwd(), "local/trigger/main.ts")], {
      cwd: process.cwd(),
      logFile,
      env: {
        TRIGGER_LOCAL_PORT: String(port),
        TRIGGER_LOCAL_DATABASE_URL: databaseUrl,
        TRIGGER_SECRET_KEY: keys.secretKey,
        TRIGGER_ACCESS_TOKEN: keys.accessToken,
        TRIGGER_PROJECT_REF: keys.projectRef,
      },
    });
    await answers(`${url}/healthcheck`, logFile);
    return child;
  };

  let server = await launch();
  const control = createServer((_request, response) => {
    void server
      .kill()
      .then(launch)
      .then(
        (next) => {
          server = next;
          response.end("ok");
        },
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
  });
  await new Promise<void>((resolve) => control.listen(0, "127.0.0.1", resolve));
  const controlUrl = `http://127.0.0.1:${(control.address() as AddressInfo).port}/`;
  const ask = `fetch("${controlUrl}").then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`;
  return {
    url,
    ...keys,
    restartCommand: `"${process.execPath}" -e '${ask}'`,
    stop: async () => {
      control.close();
      await server.stop();
    },
  };
}

async function answers(url: string, logFile: string): Promise<void> {
  const deadline = Date.now() + startMaxMs;
  for (;;) {
    const isUp = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    if (Date.now() > deadline) throw new Error(`The server did not answer within a minute; see ${logFile}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
