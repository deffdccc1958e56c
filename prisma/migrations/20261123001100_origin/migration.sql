-- Every change says from where it came: door, address, client and credential, as JSON. For audit; nothing else reads it.
alter table change add column origin text;

drop procedure datum_create_flushed;
drop procedure datum_update_flushed;
drop function datum_create_limited;
drop function datum_update_limited;
drop function datum_create_many;
drop function datum_create_once;
drop function datum_create_rows;
drop function datum_update_many;

-- As before, but for the origin of each row.

-- Creates objects, in the order of the rows. Answers for each its revision, or -1 when the name is taken, -2 when the
-- namespace does not exist, -3 when it is being deleted, -4 when the idempotency key was used with the same input, -5 when
-- with another.
--
-- The transaction lock is taken before numbers are drawn and held until the commit is visible, so the order of revisions is
-- the order of commits, no row needs a lock of its own, and every check sees what committed before.
create function datum_create_many(
  p_project text[], p_kind text[], p_namespace text[], p_name text[], p_uid text[], p_created text[],
  p_labels text[], p_owners text[], p_refs text[], p_object text[],
  p_actor text[], p_manager text[], p_request text[], p_origin text[], p_idempotency_key text[], p_input_hash text[]
) returns bigint[]
language plpgsql as $$
declare
  v_results bigint[] := '{}';
begin
  perform pg_advisory_xact_lock(4711, 1);
  if cardinality(array_remove(p_idempotency_key, null)) = 0 and not 'Namespace' = any (p_kind) then
    return datum_create_rows(p_project, p_kind, p_namespace, p_name, p_uid, p_created, p_labels, p_owners, p_refs, p_object,
      p_actor, p_manager, p_request, p_origin);
  end if;
  -- What such a row does decides about rows behind it, so each sees the work of those before it.
  for i in 1 .. cardinality(p_name) loop
    v_results := v_results || datum_create_once(p_project[i:i], p_kind[i:i], p_namespace[i:i], p_name[i:i], p_uid[i:i],
      p_created[i:i], p_labels[i:i], p_owners[i:i], p_refs[i:i], p_object[i:i], p_actor[i:i], p_manager[i:i],
      p_request[i:i], p_origin[i:i], p_idempotency_key[i], p_input_hash[i]::bytea);
  end loop;
  return v_results;
end $$;

-- Creates the object of one row, unless its idempotency key was used within a day. Under the lock; answers as
-- datum_create_many does.
create function datum_create_once(
  p_project text[], p_kind text[], p_namespace text[], p_name text[], p_uid text[], p_created text[],
  p_labels text[], p_owners text[], p_refs text[], p_object text[],
  p_actor text[], p_manager text[], p_request text[], p_origin text[], p_idempotency_key text, p_input_hash bytea
) returns bigint
language plpgsql as $$
declare
  v_hash bytea;
  v_revision bigint;
begin
  select input_hash into v_hash from idempotency
    where project = p_project[1] and actor = p_actor[1] and key = p_idempotency_key and at > now() - interval '24 hours';
  if found then
    return case when v_hash = p_input_hash then -4 else -5 end;
  end if;
  v_revision := (datum_create_rows(p_project, p_kind, p_namespace, p_name, p_uid, p_created, p_labels, p_owners, p_refs,
    p_object, p_actor, p_manager, p_request, p_origin))[1];
  if v_revision > 0 and p_idempotency_key is not null then
    insert into idempotency (project, actor, key, input_hash, object, revision)
      values (p_project[1], p_actor[1], p_idempotency_key, p_input_hash, p_object[1]::json, v_revision)
      on conflict on constraint idempotency_pkey
      do update set input_hash = excluded.input_hash, object = excluded.object, revision = excluded.revision, at = now();
  end if;
  return v_revision;
end $$;

-- Creates objects that have nothing to do with one another but may have the same name: the first gets it. Under the lock;
-- answers as datum_create_many does.
--
-- Plans are made once and never by how large tables are: they outlive that by far, and every row is found by its key.
create function datum_create_rows(
  p_project text[], p_kind text[], p_namespace text[], p_name text[], p_uid text[], p_created text[],
  p_labels text[], p_owners text[], p_refs text[], p_object text[],
  p_actor text[], p_manager text[], p_request text[], p_origin text[]
) returns bigint[]
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_results bigint[];
begin
  with sent as materialized (
    select s.place, nextval('revision_seq') as revision, s.project, s.kind, s.namespace, s.name, s.uid::uuid as uid,
      s.created_at::timestamptz as created_at, s.labels::jsonb as labels, s.owners::uuid[] as owners, s.refs::text[] as refs,
      s.object::json as object, s.actor, s.manager, s.request_id, s.origin,
      case when s.namespace = '' or n.deleting = false then null when n.deleting then -3 else -2 end as refusal
    from unnest(p_project, p_kind, p_namespace, p_name, p_uid, p_created, p_labels, p_owners, p_refs, p_object, p_actor,
        p_manager, p_request, p_origin) with ordinality as s (project, kind, namespace, name, uid, created_at, labels, owners, refs,
        object, actor, manager, request_id, origin, place)
      left join lateral (
        select r.deleting from resource r
        where r.project = s.project and r.kind = 'Namespace' and r.namespace = '' and r.name = s.namespace limit 1
      ) n on s.namespace <> ''
  ), created as (
    insert into resource (project, kind, namespace, name, uid, revision, created_at, deleting, labels, owners, refs, object)
    select project, kind, namespace, name, uid, revision, created_at, false, labels, owners, refs, object
    from sent where refusal is null order by place
    on conflict on constraint resource_pkey do nothing
    returning revision
  ), logged as (
    insert into change (revision, type, project, kind, namespace, name, uid, object, actor, manager, request_id, origin)
    select s.revision, 'A', s.project, s.kind, s.namespace, s.name, s.uid, s.object, s.actor, s.manager, s.request_id, s.origin
    from sent s join created using (revision)
  )
  select array_agg(coalesce(s.refusal, c.revision, -1) order by s.place) into v_results
  from sent s left join created c using (revision);
  return v_results;
end $$;

-- Replaces objects, or removes them, in the order of the rows. Answers for each its new revision, or -1 when it does not
-- exist or its uid or revision is not the expected one. Of rows about the same state the first is done. Lock and plans are
-- as for creates.
create function datum_update_many(
  p_project text[], p_kind text[], p_namespace text[], p_name text[], p_uid text[], p_expected text[], p_remove text[],
  p_deleting text[], p_labels text[], p_owners text[], p_refs text[], p_object text[], p_keep_previous text[],
  p_actor text[], p_manager text[], p_request text[], p_origin text[]
) returns bigint[]
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_results bigint[];
begin
  perform pg_advisory_xact_lock(4711, 1);
  with sent as materialized (
    select s.place, s.revision, s.project, s.kind, s.namespace, s.name, s.uid::uuid as uid,
      s.remove::boolean as remove, s.deleting::boolean as deleting, s.labels::jsonb as labels, s.owners::uuid[] as owners,
      s.refs::text[] as refs, s.object::json as object, s.actor, s.manager, s.request_id, s.origin,
      r.ctid as stored, r.revision as prior, r.uid is not null and row_number() over (partition by r.uid order by s.place) = 1 as fits,
      -- The state before is kept where a watcher's selector may tell it apart, where its own change is or may soon be
      -- forgotten, and where the write that takes the last finalizer away removes: watchers see the object as it was.
      case when s.keep_previous::boolean or r.revision <= (select floor from meta)
        or (s.remove::boolean and r.object::text <> s.object) then r.object end as previous
    from (
        -- In a query of its own: beside a window function numbers would be drawn in another order than that of the rows.
        select u.*, nextval('revision_seq') as revision
        from unnest(p_project, p_kind, p_namespace, p_name, p_uid, p_expected, p_remove, p_deleting, p_labels, p_owners,
          p_refs, p_object, p_keep_previous, p_actor, p_manager, p_request, p_origin) with ordinality as u (project, kind, namespace,
          name, uid, expected, remove, deleting, labels, owners, refs, object, keep_previous, actor, manager, request_id, origin,
          place)
      ) s
      left join lateral (
        select x.ctid, x.uid, x.revision, x.object from resource x
        where x.project = s.project and x.kind = s.kind and x.namespace = s.namespace and x.name = s.name
          and x.uid = s.uid::uuid and x.revision = s.expected::bigint limit 1
      ) r on true
  ), updated as (
    -- Where the row was found is where it is: nobody else writes while the lock is held.
    update resource r set revision = s.revision, deleting = s.deleting, labels = s.labels, owners = s.owners, refs = s.refs,
      object = s.object
    from sent s where r.ctid = s.stored and s.fits and not s.remove
  ), removed as (
    delete from resource r using sent s where r.ctid = s.stored and s.fits and s.remove
  ), logged as (
    insert into change (revision, type, project, kind, namespace, name, uid, object, previous, prior, actor, manager, request_id, origin)
    select revision, case when remove then 'D' else 'M' end, project, kind, namespace, name, uid, object, previous, prior,
      actor, manager, request_id, origin
    from sent where fits order by place
  )
  select array_agg(case when fits then revision else -1 end order by place) into v_results from sent;
  return v_results;
end $$;

-- datum_create_many within the limits that there are; answers also what quota_refusal does. `p_costs` is what each row
-- costs, as far as its writer has worked it out, `p_quotas` the limits that a row is about, or null.
create function datum_create_limited(
  p_project text[], p_kind text[], p_namespace text[], p_name text[], p_uid text[], p_created text[],
  p_labels text[], p_owners text[], p_refs text[], p_object text[],
  p_actor text[], p_manager text[], p_request text[], p_origin text[], p_idempotency_key text[], p_input_hash text[],
  p_costs text[], p_quotas text[]
) returns bigint[]
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_results bigint[] := '{}';
  v_result bigint;
begin
  perform pg_advisory_xact_lock(4711, 1);
  if cardinality(array_remove(p_quotas, null)) = 0 and not exists (select from quota_limit where project = any (p_project)) then
    return datum_create_many(p_project, p_kind, p_namespace, p_name, p_uid, p_created, p_labels, p_owners, p_refs, p_object,
      p_actor, p_manager, p_request, p_origin, p_idempotency_key, p_input_hash);
  end if;
  -- What a row takes is gone for those behind it.
  for i in 1 .. cardinality(p_name) loop
    -- An answer that was given once is given again, whatever there is room for now.
    v_result := case when p_idempotency_key[i] is not null and exists (select from idempotency
        where project = p_project[i] and actor = p_actor[i] and key = p_idempotency_key[i] and at > now() - interval '24 hours')
      then null else quota_refusal(p_project[i], p_namespace[i], p_costs[i], true) end;
    if v_result is null then
      v_result := (datum_create_many(p_project[i:i], p_kind[i:i], p_namespace[i:i], p_name[i:i], p_uid[i:i], p_created[i:i],
        p_labels[i:i], p_owners[i:i], p_refs[i:i], p_object[i:i], p_actor[i:i], p_manager[i:i], p_request[i:i], p_origin[i:i],
        p_idempotency_key[i:i], p_input_hash[i:i]))[1];
      if v_result > 0 and p_costs[i] <> '{}' then
        perform quota_charge(p_project[i], p_namespace[i], p_costs[i]);
      end if;
      if v_result > 0 and p_quotas[i] is not null then
        perform quota_set(p_quotas[i]::jsonb);
      end if;
    end if;
    v_results := v_results || v_result;
  end loop;
  return v_results;
end $$;

-- datum_update_many, the same.
create function datum_update_limited(
  p_project text[], p_kind text[], p_namespace text[], p_name text[], p_uid text[], p_expected text[], p_remove text[],
  p_deleting text[], p_labels text[], p_owners text[], p_refs text[], p_object text[], p_keep_previous text[],
  p_actor text[], p_manager text[], p_request text[], p_origin text[],
  p_costs text[], p_quotas text[]
) returns bigint[]
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_results bigint[] := '{}';
  v_result bigint;
begin
  perform pg_advisory_xact_lock(4711, 1);
  if cardinality(array_remove(p_quotas, null)) = 0 and not exists (select from quota_limit where project = any (p_project)) then
    return datum_update_many(p_project, p_kind, p_namespace, p_name, p_uid, p_expected, p_remove, p_deleting, p_labels,
      p_owners, p_refs, p_object, p_keep_previous, p_actor, p_manager, p_request, p_origin);
  end if;
  for i in 1 .. cardinality(p_name) loop
    v_result := quota_refusal(p_project[i], p_namespace[i], p_costs[i], false);
    if v_result is null then
      v_result := (datum_update_many(p_project[i:i], p_kind[i:i], p_namespace[i:i], p_name[i:i], p_uid[i:i], p_expected[i:i],
        p_remove[i:i], p_deleting[i:i], p_labels[i:i], p_owners[i:i], p_refs[i:i], p_object[i:i], p_keep_previous[i:i],
        p_actor[i:i], p_manager[i:i], p_request[i:i], p_origin[i:i]))[1];
      if v_result > 0 and p_costs[i] <> '{}' then
        perform quota_charge(p_project[i], p_namespace[i], p_costs[i]);
      end if;
      if v_result > 0 and p_quotas[i] is not null then
        perform quota_set(p_quotas[i]::jsonb);
      end if;
    end if;
    v_results := v_results || v_result;
  end loop;
  return v_results;
end $$;

create procedure datum_create_flushed(
  p_process text, p_project text[], p_kind text[], p_namespace text[], p_name text[], p_uid text[], p_created text[],
  p_labels text[], p_owners text[], p_refs text[], p_object text[],
  p_actor text[], p_manager text[], p_request text[], p_origin text[], p_idempotency_key text[], p_input_hash text[],
  p_costs text[], p_quotas text[],
  inout p_results bigint[]
)
language plpgsql as $$
begin
  p_results := datum_create_limited(p_project, p_kind, p_namespace, p_name, p_uid, p_created, p_labels, p_owners, p_refs,
    p_object, p_actor, p_manager, p_request, p_origin, p_idempotency_key, p_input_hash, p_costs, p_quotas);
  if 0 < any (p_results) then
    call datum_flush(p_process);
  end if;
end $$;

create procedure datum_update_flushed(
  p_process text, p_project text[], p_kind text[], p_namespace text[], p_name text[], p_uid text[], p_expected text[],
  p_remove text[], p_deleting text[], p_labels text[], p_owners text[], p_refs text[], p_object text[],
  p_keep_previous text[], p_actor text[], p_manager text[], p_request text[], p_origin text[],
  p_costs text[], p_quotas text[],
  inout p_results bigint[]
)
language plpgsql as $$
begin
  p_results := datum_update_limited(p_project, p_kind, p_namespace, p_name, p_uid, p_expected, p_remove, p_deleting, p_labels,
    p_owners, p_refs, p_object, p_keep_previous, p_actor, p_manager, p_request, p_origin, p_costs, p_quotas);
  if 0 < any (p_results) then
    call datum_flush(p_process);
  end if;
end $$;
