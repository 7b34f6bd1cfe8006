/** What a server needs to know. Times are milliseconds unless the name says otherwise. */
export type TriggerServerOptions = {
  /** 0 picks a free port. */
  port: number;
  databaseUrl: string;
  /** The environment's secret key, `tr_dev_…`. It also signs public tokens. */
  secretKey: string;
  /** The personal access token of the CLI, `tr_pat_…`. */
  accessToken: string;
  projectRef: string;
  /** The address clients are told to use; default `http://127.0.0.1:PORT`. */
  publicUrl?: string;
  /** Runs that may execute at once; waiting runs do not count. */
  concurrencyMax?: number;
  /** How long an idle dequeue call is held. */
  dequeueHoldMs?: number;
  /** How long an idle `live=true` realtime call is held. */
  liveHoldMs?: number;
  /** How long a worker whose connection closed may take to come back before its runs count as stalled. */
  stallGraceMs?: number;
  /** How long the session of a worker host lives without being renewed; its runs then count as stalled. */
  sessionLeaseMs?: number;
  /** A run that was handed out but never started, or started without a sign of life, counts as stalled after this. */
  pendingStallMs?: number;
  /** After a heartbeat a run has this long for the next. */
  heartbeatStallMs?: number;
  /** The safety net behind LISTEN/NOTIFY. */
  pollMs?: number;
  /** The ttl of runs that do not set one; the real server gives `10m` to dev runs. `null` switches it off. */
  defaultTtl?: string | null;
  /** How long finished runs and what belongs to them are kept; 7 days unless set. `null` keeps them for ever. */
  retentionMs?: number | null;
};

export type Settings = Required<Omit<TriggerServerOptions, "publicUrl">> & { publicUrl?: string };

const secretKeyPattern = /^tr_dev_[A-Za-z0-9_-]+$/;
/** The SDK takes keys of this form for restricted ones, which may not sign public tokens. */
const additionalKeyPattern = /^tr_(dev|stg|prod|preview)_sk_[A-Za-z0-9]{24}$/;

/** Fills in defaults and refuses settings the clients could not work with, with a sentence saying which. */
export function settingsFrom(options: TriggerServerOptions): Settings {
  if (!secretKeyPattern.test(options.secretKey)) {
    throw new Error(
      "TRIGGER_SECRET_KEY must begin with tr_dev_ : the local server has a development environment only.",
    );
  }
  if (additionalKeyPattern.test(options.secretKey)) {
    throw new Error(
      "TRIGGER_SECRET_KEY must not look like tr_dev_sk_…: the SDK will not sign public tokens with such a key.",
    );
  }
  if (!options.accessToken.startsWith("tr_pat_")) throw new Error("TRIGGER_ACCESS_TOKEN must begin with tr_pat_ .");
  if (!/^proj_[A-Za-z0-9]+$/.test(options.projectRef))
    throw new Error("TRIGGER_PROJECT_REF must look like proj_abc123.");
  if (typeof options.retentionMs === "number" && !(options.retentionMs > 0)) {
    throw new Error("retentionMs must be greater than 0, or null to keep finished runs for ever.");
  }
  return {
    concurrencyMax: 100,
    dequeueHoldMs: 10_000,
    liveHoldMs: 20_000,
    stallGraceMs: 2_000,
    sessionLeaseMs: 15_000,
    pendingStallMs: 60_000,
    heartbeatStallMs: 300_000,
    pollMs: 5_000,
    defaultTtl: "10m",
    retentionMs: 7 * 86_400_000,
    ...options,
  };
}
