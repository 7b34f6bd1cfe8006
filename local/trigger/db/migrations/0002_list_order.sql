-- Lists are ordered by creation, then by number.
drop index run_created;
create index run_created on run (created_at desc, number desc);
drop index run_task;
create index run_task on run (task_id, created_at desc, number desc);

-- A notification may have 8000 bytes. Tags that are too long together are left out, which means: it may concern anybody.
create or replace function run_changed() returns trigger language plpgsql as $$
declare
  payload text := json_build_object('r', new.id, 'b', new.batch_id, 't', new.tags);
begin
  new.version := nextval('trigger_local.run_version');
  if tg_op = 'UPDATE' then
    new.updated_at := greatest(clock_timestamp(), old.updated_at + interval '1 millisecond');
  end if;
  if octet_length(payload) > 7900 then
    payload := json_build_object('r', new.id, 'b', new.batch_id, 't', null);
  end if;
  perform pg_notify('trigger_local_run', payload);
  return new;
end $$;
