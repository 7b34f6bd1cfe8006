-- Which delayed run a debounce key of a task pushes back. The row is also what simultaneous triggers wait for each other on.
create table debounce (
  task_id text not null,
  key     text not null,
  run_id  text references run on delete cascade,
  primary key (task_id, key)
);
create index debounce_run on debounce (run_id);
