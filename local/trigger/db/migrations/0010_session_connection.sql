-- The connection that has a session now: an older one of the same host must neither hand out runs nor end the session.
alter table session add column connection text not null default '';
