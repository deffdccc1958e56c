-- Revisions that were handed out after the backup which this database was restored from: whoever goes on from one of them
-- knows of changes that never happened here.
create table lost_revisions (
  after       bigint not null,
  up_to       bigint not null,
  restored_at timestamptz not null default now(),
  constraint lost_revisions_pkey primary key (after)
);
