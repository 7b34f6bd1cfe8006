import { auth, runs } from "@trigger.dev/sdk";
import type { Client } from "pg";
import { CouldNotLookError } from "./errors";

/** Where the task platform's API is: without `url`, at Trigger.dev. */
export type TriggerAccess = { key: string; url?: string | undefined };

/** All runs that are not over, and those of the last day that a message of the outbox asked for. */
export const runTables = [
  `audit_run (id text primary key, task text not null, status text not null, created_at timestamptz not null,
    is_over boolean not null, is_asked_for boolean not null)`,
  `audit_message_run (id text primary key, message_id text not null, status text not null,
    created_at timestamptz not null, has_failed boolean not null)`,
] as const;

const dayMs = 24 * 60 * 60_000;
const pageSize = 100;
const retry = { maxAttempts: 3, minTimeoutInMs: 200, maxTimeoutInMs: 1_000, factor: 2, randomize: true };
/** The tag on every run that the store asked for, and the form of the tag that names the message. */
const storeTag = "store";
const messageTag = /^out_/;
/** What a message's run hands its work on to. These bear its tags, and are none of the message's own. */
const childTasks = ["apply-checkout-events", "apply-billing-events", "apply-payment-events"];
const unfinished = ["PENDING_VERSION", "QUEUED", "DEQUEUED", "EXECUTING", "WAITING", "DELAYED"] as const;

type Run = Awaited<ReturnType<typeof runs.list>>["data"][number];

/** Brings the runs beside the snapshot, a page at a time. @throws CouldNotLookError */
export async function readRuns({ key, url }: TriggerAccess, client: Client): Promise<void> {
  const keep = (page: readonly Run[]) => keepRuns(client, page);
  try {
    await auth.withAuth({ accessToken: key, ...(url ? { baseURL: url } : {}), requestOptions: { retry } }, async () => {
      await inPages(runs.list({ status: [...unfinished], limit: pageSize }), keep);
      await inPages(runs.list({ tag: storeTag, from: Date.now() - dayMs, limit: pageSize }), keep);
    });
  } catch (error) {
    // A statement that fails is our fault or the database's, and says so itself.
    if (error instanceof Error && "severity" in error) throw error;
    throw new CouldNotLookError("The runs", error);
  }
}

async function inPages(list: ReturnType<typeof runs.list>, keep: (page: readonly Run[]) => Promise<void>) {
  for (let page = await list; ; page = await page.getNextPage()) {
    await keep(page.data);
    if (!page.hasNextPage()) return;
  }
}

async function keepRuns(client: Client, page: readonly Run[]): Promise<void> {
  const all = page.map((run) => ({
    id: run.id,
    task: run.taskIdentifier,
    status: run.status,
    created_at: run.createdAt,
    is_over: run.isCompleted,
    is_asked_for: run.tags.includes(storeTag),
  }));
  const asked = page.flatMap((run) => {
    const message_id = run.tags.find((tag) => messageTag.test(tag));
    const has_failed = run.isCompleted && !run.isSuccess;
    return message_id && !childTasks.includes(run.taskIdentifier)
      ? [{ id: run.id, message_id, status: run.status, created_at: run.createdAt, has_failed }]
      : [];
  });
  for (const [table, rows] of [
    ["audit_run", all],
    ["audit_message_run", asked],
  ] as const)
    await client.query(
      `insert into ${table} select * from json_populate_recordset(null::${table}, $1::json) on conflict do nothing`,
      [JSON.stringify(rows)],
    );
}
