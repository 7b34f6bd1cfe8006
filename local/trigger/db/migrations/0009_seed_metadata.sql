-- The metadata a run was triggered with: a replay begins with it, whatever the run has made of it since.
alter table run add column seed_metadata text, add column seed_metadata_type text not null default 'application/json';
alter table run disable trigger run_changed;
update run set seed_metadata = metadata, seed_metadata_type = metadata_type where metadata is not null;
alter table run enable trigger run_changed;
