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

-- Every change still gets its version row by row, but those of one statement are told together: a notification for each
-- run cost as much as changing it. Tags that are long together are left out, which means: it may concern anybody.
create or replace function run_changed() returns trigger language plpgsql as $$
begin
  new.version := nextval('trigger_local.run_version');
  if tg_op = 'UPDATE' then
    new.updated_at := greatest(clock_timestamp(), old.updated_at + interval '1 millisecond');
  end if;
  return new;
end $$;

create function runs_changed() returns trigger language plpgsql as $$
begin
  -- A notification may have 8000 bytes; a run needs at most 240 of them.
  perform pg_notify('trigger_local_run', part.payload) from (
    select json_agg(json_build_object('r', id, 'b', batch_id,
      't', case when octet_length(tags::text) <= 150 then tags end))::text as payload
    from (select id, batch_id, tags, (row_number() over () - 1) / 30 as number from changed) as numbered
    group by number) as part;
  return null;
end $$;
create trigger runs_inserted after insert on run referencing new table as changed for each statement execute function runs_changed();
create trigger runs_updated after update on run referencing new table as changed for each statement execute function runs_changed();
