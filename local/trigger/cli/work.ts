import { readWorkerOptions } from "./options";
import { connectionOf } from "./state";

/** `trigger-local worker`: the worker's own program, pointed at the server that runs here. */
export async function work(args: string[]): Promise<void> {
  const { stateDir, flags } = readWorkerOptions(args);
  const { apiUrl, secretKey } = await connectionOf(stateDir);
  Object.assign(process.env, { TRIGGER_API_URL: apiUrl, TRIGGER_SECRET_KEY: secretKey });
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...flags);
  await import("../worker/main");
}
