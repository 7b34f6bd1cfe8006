import type { Database } from "../db/database";
import type { Listener } from "../db/listener";
import type { Settings } from "../options";
import type { TraceWriter } from "../traces/trace-writer";
import type { BulkWaker } from "./bulk-runner";
import type { KnownTasks } from "./known-tasks";
import type { Presence } from "./presence";
import type { InsertRun } from "./run-inserter";

/** The one project and environment this server has. */
export type Installation = { projectRef: string; projectId: string; environmentId: string; organizationId: string };

/** What every use case and route of one running server shares. */
export type Server = {
  db: Database;
  listener: Listener;
  tasks: KnownTasks;
  insertRun: InsertRun;
  settings: Settings;
  installation: Installation;
  /** The address clients are told to use, without a trailing slash. */
  origin: string;
  /** Aborts when the server closes, so that held requests end. */
  closing: AbortSignal;
  presence: Presence;
  traces: TraceWriter;
  bulk: BulkWaker;
};
