-- Lists at a past revision. From the first change of an object after a revision the log leads back to its state at that
-- revision: by `prior` to the change before it, or by `previous` where the log has forgotten that one.

alter table change add column prior bigint;
comment on column change.prior is 'revision of the object before this change; null when it did not exist';
comment on column change.previous is
  'the state before: where labels or selectable fields changed, where its own change may be forgotten, and where a removal changed it';

update change c set prior = p.prior
from (select revision, lag(revision) over (partition by project, kind, namespace, name order by revision) as prior from change) p
where p.revision = c.revision and c.type <> 'A';

create index change_kind on change (project, kind, revision);

-- Replaces an object, or removes it. Answers the new revision, or -1 when it does not exist, -2 when its uid or revision
-- is not the expected one.
create or replace function datum_update(
  p_project text, p_kind text, p_namespace text, p_name text, p_uid uuid, p_expected bigint, p_remove boolean,
  p_deleting boolean, p_labels jsonb, p_owners uuid[], p_refs text[], p_object json, p_previous json,
  p_actor text, p_manager text, p_request text
) returns bigint
language plpgsql as $$
declare
  v_revision bigint;
  v_current bigint;
  v_uid uuid;
  v_previous json;
begin
  -- The lock comes before the check, so no row lock is needed, and several writes in one transaction cannot deadlock.
  v_revision := datum_next_revision();
  select r.revision, r.uid,
      -- A removal by the write that takes the last finalizer away shows watchers the object as it was before.
      case when r.revision <= m.floor or (p_remove and r.object::text <> p_object::text) then r.object end
    into v_current, v_uid, v_previous
    from resource r, meta m
    where r.project = p_project and r.kind = p_kind and r.namespace = p_namespace and r.name = p_name;
  if not found then return -1; end if;
  if v_current <> p_expected or v_uid <> p_uid then return -2; end if;
  if p_remove then
    delete from resource where project = p_project and kind = p_kind and namespace = p_namespace and name = p_name;
  else
    update resource set revision = v_revision, deleting = p_deleting, labels = p_labels, owners = p_owners, refs = p_refs,
      object = p_object
      where project = p_project and kind = p_kind and namespace = p_namespace and name = p_name;
  end if;
  insert into change (revision, type, project, kind, namespace, name, uid, object, previous, prior, actor, manager, request_id)
    values (v_revision, case when p_remove then 'D' else 'M' end, p_project, p_kind, p_namespace, p_name, p_uid, p_object,
      coalesce(p_previous, v_previous), v_current, p_actor, p_manager, p_request);
  return v_revision;
end $$;

drop function datum_compact(interval, bigint);

-- Decides how much history is forgotten: what is older than `p_keep` and what is beyond `p_max_rows`, but nothing that a
-- live reader has yet to see. Changes that stay take over the states that go. Answers the new floor.
create function datum_raise_floor(p_keep interval, p_max_rows bigint) returns bigint
language plpgsql as $$
declare
  v_to bigint;
  v_reader bigint;
  v_seen bigint;
begin
  select coalesce(max(revision), 0) into v_to from change where at < now() - p_keep;
  select greatest(v_to, coalesce((select revision from change order by revision desc offset p_max_rows limit 1), 0)) into v_to;
  select min(revision) into v_reader from reader_cursor where at > now() - interval '24 hours';
  v_to := least(v_to, coalesce(v_reader, v_to));
  select greatest(v_to, floor) into v_to from meta;
  select coalesce(max(revision), 0) into v_seen from change;
  perform datum_keep_states(v_to, v_to, v_seen);
  -- Writers decide by the floor whether a change must carry the state before it, so it rises under their lock; the changes
  -- that came meanwhile are few.
  perform pg_advisory_xact_lock(4711, 1);
  perform datum_keep_states(v_to, v_seen, 9223372036854775807);
  update meta set floor = v_to where floor < v_to;
  return v_to;
end $$;

-- Gives the changes after `p_after` up to `p_to` the states before them whose own changes are at or below `p_floor`.
create function datum_keep_states(p_floor bigint, p_after bigint, p_to bigint) returns void
language sql as $$
  update change c set previous = p.object from change p
    where c.revision > p_after and c.revision <= p_to and c.prior <= p_floor and c.previous is null and p.revision = c.prior;
$$;

-- Forgets the changes up to the floor; answers how many went.
create function datum_compact() returns bigint
language plpgsql as $$
declare
  v_count bigint;
begin
  delete from change where revision <= (select floor from meta);
  get diagnostics v_count = row_count;
  delete from idempotency where at < now() - interval '24 hours';
  return v_count;
end $$;
