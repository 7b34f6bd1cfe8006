-- What run processes export. One row per span and log line, by run: the key finds what a page shows and what a removed
-- run leaves behind, and makes a repeated export harmless. Times are microseconds since 1970.
create table span (
  run_id      text not null,
  id          text not null,
  parent_id   text,
  name        text not null,
  label       text,
  icon        text,
  started_us  bigint not null,
  duration_us bigint,
  error       text,
  attributes  text,
  received_at timestamptz not null default now(),
  primary key (run_id, id)
);

create table log_line (
  run_id      text not null,
  at_us       bigint not null,
  hash        integer not null,
  span_id     text,
  level       smallint not null,
  message     text not null,
  attributes  text,
  received_at timestamptz not null default now(),
  primary key (run_id, at_us, hash)
);

-- Rows come in the order of time, so a few bytes per block find the old ones.
create index span_received on span using brin (received_at);
create index log_line_received on log_line using brin (received_at);

-- A list of what went wrong must not read a million good runs. What went well is not in here and costs nothing.
create index run_unsuccessful on run (status, created_at desc, number desc)
  where status in ('CANCELED', 'COMPLETED_WITH_ERRORS', 'SYSTEM_FAILURE', 'CRASHED', 'EXPIRED', 'TIMED_OUT');
create index run_delayed on run (created_at desc, number desc) where execution_status = 'DELAYED';
create index run_waiting on run (created_at desc, number desc) where execution_status = 'EXECUTING_WITH_WAITPOINTS';

-- Tokens are listed newest first.
create index waitpoint_token on waitpoint (seq desc) where type = 'MANUAL' and stream_run_id is null;
