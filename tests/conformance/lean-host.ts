import { join } from "node:path";
import { logs } from "@/local/launcher/ready";
import type { Child, StartProcess } from "./child";
import type { ServerUnderTest } from "./server";
import type { Suite } from "./suite";

/** Serves the suite's project as any other: its own dependencies, and this project's worker host. */
export async function startLeanHost(start: StartProcess, suite: Suite, server: ServerUnderTest): Promise<Child> {
  const host = start(
    ["--import", "tsx", join(process.cwd(), "local/trigger/worker/main.ts"), "--project", suite.project],
    {
      cwd: process.cwd(),
      logFile: join(suite.folder, "lean-host.log"),
      env: {
        TRIGGER_API_URL: server.url,
        TRIGGER_SECRET_KEY: server.secretKey,
        TRIGGER_PROJECT_REF: server.projectRef,
      },
    },
  );
  const died = host.exited.then((code) => {
    throw new Error(`The lean host ended at its start (code ${code}):\n${host.log()}`);
  });
  // Later it ends because it is told to.
  died.catch(() => undefined);
  await Promise.race([logs(host.log, /Local worker ready/), died]);
  return host;
}
