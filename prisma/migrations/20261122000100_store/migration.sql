-- Objects of every kind, the log of their changes, and the functions that write both in one transaction.

create sequence revision_seq;

create table resource (
  project    text collate "C" not null,
  kind       text collate "C" not null,
  namespace  text collate "C" not null,
  name       text collate "C" not null,
  uid        uuid not null,
  revision   bigint not null,
  created_at timestamptz not null,
  deleting   boolean not null,
  labels     jsonb not null,
  -- uids of ownerReferences
  owners     uuid[] not null,
  -- what the object refers to, `Kind/namespace/name`
  refs       text[] not null,
  -- json, not jsonb: it is handed out as it was written
  object     json not null,
  constraint resource_pkey primary key (project, kind, namespace, name)
) with (fillfactor = 80);

create unique index resource_uid on resource (uid);
create index resource_created on resource (project, kind, created_at, namespace, name);
create index resource_labels on resource using gin (labels jsonb_path_ops) where labels <> '{}';
create index resource_owners on resource using gin (owners) where owners <> '{}';
create index resource_refs on resource using gin (refs) where refs <> '{}';

create table change (
  revision   bigint not null,
  -- A added, M modified, D deleted
  type       "char" not null,
  project    text collate "C" not null,
  kind       text collate "C" not null,
  namespace  text collate "C" not null,
  name       text collate "C" not null,
  uid        uuid not null,
  object     json not null,
  -- the state before, only where labels or selectable fields changed
  previous   json,
  actor      text not null,
  manager    text not null,
  request_id text,
  at         timestamptz not null default now(),
  constraint change_pkey primary key (revision)
);

create index change_at on change using brin (at);

-- One row: everything up to `floor` may have left the change log.
create table meta (
  id    boolean not null default true,
  floor bigint not null default 0,
  constraint meta_pkey primary key (id),
  constraint meta_one_row check (id)
);
insert into meta default values;

create table idempotency (
  project    text not null,
  actor      text not null,
  key        text not null,
  input_hash bytea not null,
  object     json not null,
  revision   bigint not null,
  at         timestamptz not null default now(),
  constraint idempotency_pkey primary key (project, actor, key)
);
create index idempotency_at on idempotency (at);

-- Where each reader of the change log stands; compaction never passes a reader that was heard of in the last 24 h.
create table reader_cursor (
  reader   text not null,
  revision bigint not null,
  at       timestamptz not null default now(),
  constraint reader_cursor_pkey primary key (reader)
);

-- Takes the next revision. The transaction lock is taken before the number is drawn and held until the commit is visible,
-- so the order of revisions is the order of commits. Callers do nothing after it but the two writes.
create function datum_next_revision() returns bigint
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(4711, 1);
  return nextval('revision_seq');
end $$;

-- Creates an object. Answers its revision, or -1 when the name is taken, -2 when the namespace does not exist, -3 when it
-- is being deleted, -4 when the idempotency key was used with the same input, -5 when with another.
create function datum_create(
  p_project text, p_kind text, p_namespace text, p_name text, p_uid uuid, p_created timestamptz,
  p_labels jsonb, p_owners uuid[], p_refs text[], p_object json,
  p_actor text, p_manager text, p_request text, p_idempotency_key text, p_input_hash bytea
) returns bigint
language plpgsql as $$
declare
  v_revision bigint;
  v_deleting boolean;
  v_hash bytea;
begin
  v_revision := datum_next_revision();
  -- Everything below sees what was committed before the lock was granted, so these checks are exact.
  if p_idempotency_key is not null then
    select input_hash into v_hash from idempotency
      where project = p_project and actor = p_actor and key = p_idempotency_key and at > now() - interval '24 hours';
    if found then
      return case when v_hash = p_input_hash then -4 else -5 end;
    end if;
  end if;
  if p_namespace <> '' then
    select deleting into v_deleting from resource
      where project = p_project and kind = 'Namespace' and namespace = '' and name = p_namespace;
    if not found then return -2; end if;
    if v_deleting then return -3; end if;
  end if;
  insert into resource (project, kind, namespace, name, uid, revision, created_at, deleting, labels, owners, refs, object)
    values (p_project, p_kind, p_namespace, p_name, p_uid, v_revision, p_created, false, p_labels, p_owners, p_refs, p_object)
    on conflict on constraint resource_pkey do nothing;
  if not found then return -1; end if;
  insert into change (revision, type, project, kind, namespace, name, uid, object, actor, manager, request_id)
    values (v_revision, 'A', p_project, p_kind, p_namespace, p_name, p_uid, p_object, p_actor, p_manager, p_request);
  if p_idempotency_key is not null then
    insert into idempotency (project, actor, key, input_hash, object, revision)
      values (p_project, p_actor, p_idempotency_key, p_input_hash, p_object, v_revision)
      on conflict on constraint idempotency_pkey
      do update set input_hash = excluded.input_hash, object = excluded.object, revision = excluded.revision, at = now();
  end if;
  return v_revision;
end $$;

-- Replaces an object, or removes it. Answers the new revision, or -1 when it does not exist, -2 when its uid or revision
-- is not the expected one.
create function datum_update(
  p_project text, p_kind text, p_namespace text, p_name text, p_uid uuid, p_expected bigint, p_remove boolean,
  p_deleting boolean, p_labels jsonb, p_owners uuid[], p_refs text[], p_object json, p_previous json,
  p_actor text, p_manager text, p_request text
) returns bigint
language plpgsql as $$
declare
  v_revision bigint;
  v_current bigint;
  v_uid uuid;
begin
  -- The lock comes before the check, so no row lock is needed, and several writes in one transaction cannot deadlock.
  v_revision := datum_next_revision();
  select revision, uid into v_current, v_uid from resource
    where project = p_project and kind = p_kind and namespace = p_namespace and name = p_name;
  if not found then return -1; end if;
  if v_current <> p_expected or v_uid <> p_uid then return -2; end if;
  if p_remove then
    delete from resource where project = p_project and kind = p_kind and namespace = p_namespace and name = p_name;
  else
    update resource set revision = v_revision, deleting = p_deleting, labels = p_labels, owners = p_owners, refs = p_refs,
      object = p_object
      where project = p_project and kind = p_kind and namespace = p_namespace and name = p_name;
  end if;
  insert into change (revision, type, project, kind, namespace, name, uid, object, previous, actor, manager, request_id)
    values (v_revision, case when p_remove then 'D' else 'M' end, p_project, p_kind, p_namespace, p_name, p_uid, p_object,
      p_previous, p_actor, p_manager, p_request);
  return v_revision;
end $$;

-- Several creates in one transaction, column by column; lists are given as array literals. Answers as datum_create does.
create function datum_create_many(
  p_project text[], p_kind text[], p_namespace text[], p_name text[], p_uid text[], p_created text[],
  p_labels text[], p_owners text[], p_refs text[], p_object text[],
  p_actor text[], p_manager text[], p_request text[], p_idempotency_key text[], p_input_hash text[]
) returns bigint[]
language plpgsql as $$
declare
  v_results bigint[] := '{}';
begin
  for i in 1 .. cardinality(p_name) loop
    v_results := v_results || datum_create(p_project[i], p_kind[i], p_namespace[i], p_name[i], p_uid[i]::uuid,
      p_created[i]::timestamptz, p_labels[i]::jsonb, p_owners[i]::uuid[], p_refs[i]::text[], p_object[i]::json, p_actor[i],
      p_manager[i], p_request[i], p_idempotency_key[i], p_input_hash[i]::bytea);
  end loop;
  return v_results;
end $$;

-- Several updates in one transaction. Answers as datum_update does.
create function datum_update_many(
  p_project text[], p_kind text[], p_namespace text[], p_name text[], p_uid text[], p_expected text[], p_remove text[],
  p_deleting text[], p_labels text[], p_owners text[], p_refs text[], p_object text[], p_previous text[],
  p_actor text[], p_manager text[], p_request text[]
) returns bigint[]
language plpgsql as $$
declare
  v_results bigint[] := '{}';
begin
  for i in 1 .. cardinality(p_name) loop
    v_results := v_results || datum_update(p_project[i], p_kind[i], p_namespace[i], p_name[i], p_uid[i]::uuid,
      p_expected[i]::bigint, p_remove[i]::boolean, p_deleting[i]::boolean, p_labels[i]::jsonb, p_owners[i]::uuid[],
      p_refs[i]::text[], p_object[i]::json, p_previous[i]::json, p_actor[i], p_manager[i], p_request[i]);
  end loop;
  return v_results;
end $$;

-- Forgets changes that are older than `p_keep` and that every live reader has passed; answers how many went.
create function datum_compact(p_keep interval, p_max_rows bigint) returns bigint
language plpgsql as $$
declare
  v_to bigint;
  v_reader bigint;
  v_count bigint;
begin
  select coalesce(max(revision), 0) into v_to from change where at < now() - p_keep;
  select greatest(v_to, coalesce((select revision from change order by revision desc offset p_max_rows limit 1), 0)) into v_to;
  select min(revision) into v_reader from reader_cursor where at > now() - interval '24 hours';
  v_to := least(v_to, coalesce(v_reader, v_to));
  update meta set floor = v_to where floor < v_to;
  delete from change where revision <= v_to;
  get diagnostics v_count = row_count;
  delete from idempotency where at < now() - interval '24 hours';
  return v_count;
end $$;
