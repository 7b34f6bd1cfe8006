-- Whether a batch is complete is read from its runs.
alter table batch drop column completed_at;
update batch set status = 'PROCESSING' where status = 'COMPLETED';
