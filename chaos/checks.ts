import { readdirSync } from "node:fs";
import { join } from "node:path";
import { auth, runs as sdkRuns } from "@trigger.dev/sdk";
import { type RunRow, rows } from "./database";
import type { Acknowledged, Kind, Load } from "./load";
import { type EvidenceLine, linesOf } from "./project/evidence";
import { secretKey, type World } from "./world";

/** What was found, by what it means; each a sentence. */
export type Findings = { lost: string[]; doubled: string[]; wrong: string[]; leftOver: string[] };
export type Checked = { findings: Findings; statuses: Map<Kind, Map<string, number>>; runs: number; attempts: number };

const sessionsWaitMs = 30_000;
const ttlMs = 600_000;

/** Compares what the engine says with what was acknowledged and with the evidence that the attempts left themselves. */
export async function check(world: World, load: Load, hosts: number): Promise<Checked> {
  const findings: Findings = { lost: [], doubled: [], wrong: [], leftOver: [] };
  const statuses = new Map<Kind, Map<string, number>>();
  const all = await rows<RunRow>(world.databaseUrl, "select * from run");
  const byId = new Map(all.map((run) => [`run_${run.id}`, run]));
  const evidence = new Map(readdirSync(join(world.evidenceDir, "runs")).map((id) => [id, readRun(world, id)]));

  for (const one of load.acknowledged) {
    const run = byId.get(one.id);
    if (!run) findings.lost.push(`${one.id} (${one.kind}) was acknowledged and does not exist`);
    else if (run.execution_status !== "FINISHED")
      findings.lost.push(`${one.id} (${one.kind}) is ${run.execution_status}`);
    else checkOutput(one, run, findings);
    const counts = statuses.get(one.kind) ?? new Map<string, number>();
    const status = run?.status ?? "missing";
    statuses.set(one.kind, counts.set(status, (counts.get(status) ?? 0) + 1));
  }
  for (const [id, run] of byId) checkEnd(id, run, evidence.get(id) ?? [], world, findings);
  for (const [id, lines] of evidence) {
    if (!byId.has(id)) findings.wrong.push(`${id} has executed and does not exist`);
    checkAttempts(id, lines, findings);
  }
  for (const group of readdirSync(join(world.evidenceDir, "groups"))) {
    const broken = linesOf(join(world.evidenceDir, "groups", group)).filter(({ what }) => what === "overlap");
    for (const { run } of broken)
      findings.doubled.push(`${run} began while another of ${group} executed: the limit is 1`);
  }
  checkTwins(load, byId, findings);
  await checkLeftOvers(world, hosts, findings);
  await checkApi(world, load, byId, findings);
  return {
    findings,
    statuses,
    runs: all.length,
    attempts: [...evidence.values()].flat().filter(({ what }) => what === "begin").length,
  };
}

function readRun(world: World, id: string): EvidenceLine[] {
  return linesOf(join(world.evidenceDir, "runs", id));
}

/** Appended lines have one order, so an attempt that begins late, or again, is out of it. */
function checkAttempts(id: string, lines: EvidenceLine[], { doubled }: Findings): void {
  let last = 0;
  for (const { what, attempt } of lines) {
    if (what === "overlap") doubled.push(`${id} attempt ${attempt} began while an earlier one was alive`);
    if (what !== "begin") continue;
    if (attempt === last) doubled.push(`${id} attempt ${attempt} began twice`);
    if (attempt < last) doubled.push(`${id} attempt ${attempt} began after attempt ${last}`);
    last = Math.max(last, attempt);
  }
}

const stalled = new Set(["TASK_RUN_STALLED_EXECUTING"]);

/** Whether the run's settings and what happened to it allow its end. */
function checkEnd(id: string, run: RunRow, lines: EvidenceLine[], world: World, { wrong }: Findings): void {
  const begun = lines.filter(({ what }) => what === "begin");
  const most = run.max_attempts ?? 1;
  const say = (why: string) =>
    wrong.push(
      `${id} (${run.task_id}) is ${run.status} after attempt ${run.attempt_number} of ${most}: ${why} ${JSON.stringify(run.error)}`,
    );
  if (begun.some(({ attempt }) => attempt > most)) say("it has begun more attempts than it may");
  if (run.execution_status !== "FINISHED") return;
  const isUsedUp = run.attempt_number >= most;
  switch (run.status) {
    case "COMPLETED_SUCCESSFULLY":
      if (!lines.some(({ what, attempt }) => what === "end" && attempt === run.attempt_number))
        say("that attempt left no end");
      return;
    case "COMPLETED_WITH_ERRORS":
      if (!isUsedUp) say("it had attempts left");
      else if (run.task_id === "once" || run.task_id === "quick") say("this task does not fail");
      return;
    case "EXPIRED": {
      // On a machine that does not get to it in time; each run of a development server has its ten minutes.
      const waitedMs = (run.expired_at?.getTime() ?? 0) - run.created_at.getTime();
      if (run.attempt_number > 0 || waitedMs < ttlMs) say("its time was not over");
      return;
    }
    case "CRASHED": {
      const code = run.error?.code ?? "";
      if (stalled.has(code)) {
        if (!isUsedUp) say("it had attempts left");
        return;
      }
      const last = begun.find(({ attempt }) => attempt === run.attempt_number);
      // A process that was killed before the task began has left nothing.
      const wasKilled = last ? world.killedRunProcesses.has(last.pid) : world.killedRunProcesses.size > 0;
      if (!wasKilled) say("nobody killed its process");
      return;
    }
    default:
      say("nothing here ends like that");
  }
}

function checkOutput({ id, kind, n }: Acknowledged, run: RunRow, { wrong }: Findings): void {
  if (run.status !== "COMPLETED_SUCCESSFULLY") return;
  const parsed = JSON.parse(run.output ?? "null") as { n?: number; json?: { n?: number } } | null;
  const output = run.output_type === "application/super+json" ? parsed?.json?.n : parsed?.n;
  if (output !== n) wrong.push(`${id} (${kind}) answered ${run.output}, not ${n}`);
}

/** One key gives one run; a run that failed in between sets its key free. */
function checkTwins(load: Load, byId: Map<string, RunRow>, { wrong }: Findings): void {
  for (const [a, b] of load.twins) {
    if (a === b) continue;
    const mayDiffer = [a, b].some((id) => byId.get(id)?.status !== "COMPLETED_SUCCESSFULLY");
    if (!mayDiffer) wrong.push(`${a} and ${b} have the same idempotency key`);
  }
}

async function checkLeftOvers(world: World, hosts: number, { leftOver }: Findings): Promise<void> {
  const leftSql = `
    select 'timer ' || kind || ' ' || subject as what from timer where kind not in ('session', 'waitpoint')
    union all select 'timer of waitpoint ' || subject from timer join waitpoint on waitpoint.id = subject
      -- A token whose making was not acknowledged is nobody's, and has its time.
      where kind = 'waitpoint' and (status = 'COMPLETED' or type <> 'MANUAL')
    union all select 'wait ' || run_id from run_wait
    union all select 'run ' || id || ' ' || execution_status from run where execution_status <> 'FINISHED'
    union all select 'resume ' || id from run where resume_ready_at is not null
    union all select 'waitpoint ' || waitpoint.id from waitpoint join run on run.id = waitpoint.run_id where waitpoint.status = 'PENDING'
    union all select 'session ' || id from session where id not in (select subject from timer where kind = 'session')
    union all select 'session timer ' || subject from timer where kind = 'session' and subject not in (select id from session)
    union all select 'sessions: ' || count(*) from session having count(*) <> ${hosts}`;
  const until = Date.now() + sessionsWaitMs;
  for (;;) {
    const left = await rows<{ what: string }>(world.databaseUrl, leftSql);
    if (left.length === 0) return;
    if (Date.now() > until) {
      leftOver.push(...left.map(({ what }) => what));
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** The servers say of a sample what the database says. */
async function checkApi(world: World, load: Load, byId: Map<string, RunRow>, { lost }: Findings): Promise<void> {
  for (const [n, { id }] of load.acknowledged.slice(-40).entries()) {
    const baseURL = world.urls[n % world.urls.length] ?? "";
    const seen = await auth.withAuth({ baseURL, accessToken: secretKey }, () => sdkRuns.retrieve(id));
    if (seen.isSuccess !== (byId.get(id)?.status === "COMPLETED_SUCCESSFULLY"))
      lost.push(`${id} is ${seen.status} by the API`);
  }
}
