-- The newest hello its host has said, by number. Runs are handed out under it, and none under an earlier one any more.
alter table session add column hello integer not null default 0;
