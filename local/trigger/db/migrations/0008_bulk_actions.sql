-- Cancelling or replaying many runs: either the runs named, or those a filter (the query of a list) matches.
create table bulk_action (
  id           text primary key,
  seq          bigint generated always as identity,
  type         text not null check (type in ('CANCEL', 'REPLAY')),
  name         text,
  status       text not null default 'PENDING' check (status in ('PENDING', 'COMPLETED', 'ABORTED')),
  run_ids      text[],
  filter       text,
  -- How far it is: the position in run_ids, or the last run of the filter's list.
  position     integer not null default 0,
  last_run_id  text,
  total        integer not null default 0,
  succeeded    integer not null default 0,
  failed       integer not null default 0,
  created_at   timestamptz(3) not null default now(),
  completed_at timestamptz(3)
);
create index bulk_action_pending on bulk_action (seq) where status = 'PENDING';
create index bulk_action_created on bulk_action (created_at, id);

-- The runs it cancelled, and those it made.
create table bulk_action_run (
  bulk_action_id text not null references bulk_action on delete cascade,
  run_id         text not null references run on delete cascade,
  primary key (bulk_action_id, run_id)
);
create index bulk_action_run_run on bulk_action_run (run_id);
