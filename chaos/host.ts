// A worker host of a chaos run, with a project that was bundled once for all of them.
import { readFileSync } from "node:fs";
import { type PreparedProject, startWorkerHost } from "@/local/trigger/worker/host";
import { pause } from "./processes";

const { CHAOS_PREPARED = "", CHAOS_PROJECT = "", CHAOS_ENV_FILE, CHAOS_SLOTS = "3" } = process.env;
const { TRIGGER_API_URL = "", TRIGGER_SECRET_KEY = "" } = process.env;
const prepared = JSON.parse(readFileSync(CHAOS_PREPARED, "utf8")) as PreparedProject;

// Its server or the database may be away at the moment.
for (;;) {
  try {
    await startWorkerHost({
      projectDir: CHAOS_PROJECT,
      apiUrl: TRIGGER_API_URL,
      secretKey: TRIGGER_SECRET_KEY,
      slots: Number(CHAOS_SLOTS),
      warm: 1,
      ...(CHAOS_ENV_FILE === undefined ? {} : { envFile: CHAOS_ENV_FILE }),
      prepared,
    });
    break;
  } catch (error) {
    console.error(String(error));
    await pause(100);
  }
}
console.log("host ready");
