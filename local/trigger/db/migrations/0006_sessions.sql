-- A worker host that is connected. Its runs are its own until its timer (kind 'session') fires.
create table session (
  id         text primary key,
  worker_id  text not null references worker on delete cascade,
  created_at timestamptz not null default now()
);

-- Who executes a run; null for `trigger dev`, whose runs have a lease each.
alter table run add column session_id text;
create index run_session on run (session_id)
  where session_id is not null and execution_status in ('EXECUTING', 'EXECUTING_WITH_WAITPOINTS', 'PENDING_CANCEL');

-- Every index of this table costs each change of each run: nobody asks by these two any more, and few runs have tags.
drop index run_active;
drop index run_tags;
create index run_tags on run using gin (tags) where tags <> '{}';

-- Snapshots go with their run by the one statement that removes runs: looking the run up for each of them cost as much
-- as writing it.
alter table snapshot drop constraint snapshot_run_id_fkey;
