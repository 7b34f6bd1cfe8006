import { type Check, check } from "../check";

/** Whether another message of the same work, asked for after this one's run failed, has a run that did not. */
const askedAgain = `
  exists (select 1 from outbox_message again join audit_message_run run on run.message_id = again.id
    where again.id <> message.id and again.name = message.name and again.payload = message.payload
      and again.created_at >= message.created_at and not run.has_failed)`;

/** A person may have a run done again, which the store notes: that is one run more. */
const replays = `
  (select count(*) from audit_entry entry join audit_message_run replayed on replayed.id = entry.subject
    where entry.action = 'run.replay' and replayed.message_id = message.id)`;

const runs = `
  select message_id, count(*) as runs, count(*) filter (where not has_failed) as good,
    string_agg(id || ' ' || status, ', ' order by created_at, id) as told, array_agg(id) as ids
  from audit_message_run group by message_id`;

/** Messages young enough for the platform to know their runs still. */
const judged = "message.sent_at > clock.now - interval '23 hours' and message.sent_at <= clock.settled_before";

/** Invariant 6, as far as the database knows. Exact once the store is quiet. */
export const messageChecks: readonly Check[] = [
  check<{ id: string; name: string; key: string; attempts: number; last_error: string | null }>(
    `select id, name, key, attempts, last_error from outbox_message message cross join audit_clock clock
     where sent_at is null and case when attempts > 0 then created_at else available_at end <= clock.settled_before`,
    (row) =>
      `Message ${row.id} (${row.key}) was not sent, after ${row.attempts} tries${row.last_error ? `: ${row.last_error}` : ""}.`,
  ),
  check<{ id: string; key: string }>(
    `select id, key from outbox_message where sent_at is not null and run_id is null`,
    (row) => `Message ${row.id} (${row.key}) was sent, and no run of it is known.`,
  ),
  check<{ run: string; messages: number; ids: string }>(
    `select run_id as run, count(*) as messages, string_agg(id, ', ' order by id) as ids
     from outbox_message where run_id is not null group by run_id having count(*) > 1`,
    (row) => `Run ${row.run} is the run of ${row.messages} messages: ${row.ids}.`,
  ),
];

/** The rest of it, which the task platform knows. */
export const messageRunChecks: readonly Check[] = [
  check<{ id: string; key: string; run_id: string }>(
    `select message.id, message.key, message.run_id from outbox_message message cross join audit_clock clock
     where ${judged} and not exists (select 1 from audit_message_run run where run.message_id = message.id)`,
    (row) => `Message ${row.id} (${row.key}) was sent as ${row.run_id}, and the platform has no run of it.`,
  ),
  check<{ id: string; key: string; run_id: string; told: string }>(
    `select message.id, message.key, message.run_id, runs.told from outbox_message message
     cross join audit_clock clock join (${runs}) runs on runs.message_id = message.id
     where ${judged} and message.run_id <> all(runs.ids)`,
    (row) => `Message ${row.id} (${row.key}) was sent as ${row.run_id}, and the platform has ${row.told} for it.`,
  ),
  check<{ id: string; key: string; good: number; told: string }>(
    `select message.id, message.key, runs.good, runs.told from outbox_message message
     join (${runs}) runs on runs.message_id = message.id where runs.good > 1 + ${replays}`,
    (row) => `Message ${row.id} (${row.key}) has ${row.good} runs that did not fail: ${row.told}.`,
  ),
  check<{ id: string; key: string; told: string }>(
    `select message.id, message.key, runs.told from outbox_message message
     cross join audit_clock clock join (${runs}) runs on runs.message_id = message.id
     where ${judged} and runs.good = 0 and not ${askedAgain}`,
    (row) => `Message ${row.id} (${row.key}) has no run that did not fail: ${row.told}.`,
  ),
];

export const messageCountSql = `
  select count(*) as messages, count(*) filter (where sent_at is not null) as sent,
    (select count(*) from audit_message_run) as runs
  from outbox_message`;
