import { startWorkerHost, type WorkerHost } from "@/local/trigger/worker/host";

/** A worker that runs the store's own tasks, with the settings of the running test. It takes seconds to start. */
export async function startStoreWorker(): Promise<WorkerHost> {
  return startWorkerHost({
    projectDir: process.cwd(),
    apiUrl: process.env.TRIGGER_API_URL ?? "",
    secretKey: process.env.TRIGGER_SECRET_KEY ?? "",
    env: { ...process.env },
    say: () => {},
  });
}
