-- What is old enough to go is found in order of age, a few rows at a time.
create index run_finished on run (completed_at, id) where execution_status = 'FINISHED';
create index batch_created on batch (created_at, id);
create index waitpoint_completed on waitpoint (completed_at, id) where run_id is null and status = 'COMPLETED';
create index request_created on request (created_at, key);
create index packet_created on packet (created_at, path);

-- Who still needs a packet. Hashed: a path is only as short as its writer made it.
create index run_payload_packet on run using hash (payload) where payload_type = 'application/store';
create index run_output_packet on run using hash (output) where output_type = 'application/store';
create index waitpoint_output_packet on waitpoint using hash (output) where output_type = 'application/store';

-- A batch takes the waitpoint of whoever waited for it along.
alter table waitpoint add foreign key (batch_id) references batch on delete cascade;
