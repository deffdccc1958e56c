-- What happened: every write and every denied attempt. Each project has a chain of its own, in which each record is hashed
-- together with the hash of the one before.

create table audit_record (
  project   text collate "C" not null,
  seq       bigint not null,
  -- SHA-256 of the hash before and the record
  hash      bytea not null,
  -- JSON, exactly as it was hashed; the columns below say parts of it again, for queries
  record    text not null,
  at        timestamptz not null,
  actor     text collate "C" not null,
  verb      text collate "C" not null,
  allowed   boolean not null,
  kind      text collate "C" not null,
  namespace text collate "C" not null,
  name      text collate "C" not null,
  -- of the object that was written
  uid       uuid,
  constraint audit_record_pkey primary key (project, seq)
);
create index audit_record_object on audit_record (project, kind, namespace, name, seq);
create index audit_record_actor on audit_record (project, actor, seq);
create index audit_record_denied on audit_record (project, seq) where not allowed;
create index audit_record_at on audit_record using brin (at);

-- Where each chain ends, and where it begins since older records were forgotten. The codes are made with a key that the
-- database does not have.
create table audit_chain (
  project    text collate "C" not null,
  seq        bigint not null,
  hash       bytea not null,
  code       bytea not null,
  floor_seq  bigint not null default 0,
  floor_hash bytea,
  floor_code bytea,
  constraint audit_chain_pkey primary key (project)
);

-- Denied attempts that have no place in a chain yet.
create table audit_denied (
  id      bigint generated always as identity,
  project text collate "C" not null,
  record  text not null,
  at      timestamptz not null default now(),
  constraint audit_denied_pkey primary key (id)
);

-- Nobody changes or deletes a record, but for those that the chain has let go of first.
create function audit_refuse() returns trigger
language plpgsql as $$
begin
  raise exception 'audit records are only ever added' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_record_no_update before update on audit_record for each statement execute function audit_refuse();
create trigger audit_record_no_truncate before truncate on audit_record for each statement execute function audit_refuse();

create function audit_refuse_early() returns trigger
language plpgsql as $$
begin
  if exists (select from gone g left join audit_chain c on c.project = g.project where g.seq > coalesce(c.floor_seq, 0)) then
    raise exception 'audit records are only deleted when their time is over' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
create trigger audit_record_no_early_delete after delete on audit_record
  referencing old table as gone for each statement execute function audit_refuse_early();

-- Forgets the records of a project up to one of them, whose hash is what the rest goes on from; `p_code` vouches for it.
-- Answers how many went.
create function audit_forget(p_project text, p_seq bigint, p_hash bytea, p_code bytea) returns bigint
language plpgsql as $$
declare
  v_count bigint;
begin
  update audit_chain set floor_seq = p_seq, floor_hash = p_hash, floor_code = p_code
    where project = p_project and floor_seq < p_seq
      and exists (select from audit_record where project = p_project and seq = p_seq and hash = p_hash);
  if not found then
    return 0;
  end if;
  delete from audit_record where project = p_project and seq <= p_seq;
  get diagnostics v_count = row_count;
  return v_count;
end $$;
