-- Limits, and how much of each is used. Rows are there only where there are limits: everybody else pays for one look into an
-- index that holds nothing of their project, once for each batch of writes.
--
-- What is counted changes under the lock of revisions, in the transaction of the write, so that no two writers can pass a
-- limit together. Addresses are given in transactions of their own, under locks of rows of this table.

create table quota_limit (
  -- Control plane.
  project   text not null,
  -- Empty for limits on the whole project.
  namespace text not null,
  -- Name of the ResourceQuota; empty for the project's own limits.
  quota     text not null,
  -- As the quota names it: `secrets`, `count/secrets`, `cpu`.
  resource  text not null,
  -- What is counted, by one name: `count/secrets`, `cpu`. `sealed` lets nothing be created any more; it stays for good, since
  -- nobody may ever write to a control plane that was taken down.
  counts    text not null,
  hard      numeric not null,
  used      numeric not null,
  primary key (project, namespace, quota, resource)
) with (fillfactor = 50);

-- Why the row of a batch may not be written, or null. It is what it costs: amounts by what is counted, negative ones where
-- something is given back. -6: there are limits, so its costs have to be told; -7: a limit would be exceeded; -8: the control
-- plane is sealed. The limits that it touches stay locked, in the order of their key.
create function quota_refusal(p_project text, p_namespace text, p_costs text, p_creates boolean) returns bigint
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_costs jsonb := p_costs::jsonb;
  v_limit quota_limit;
  v_refusal bigint;
begin
  if not exists (select from quota_limit where project = p_project) then
    return null;
  end if;
  if p_creates and exists (select from quota_limit where project = p_project and namespace = '' and counts = 'sealed') then
    return -8;
  end if;
  if p_costs is null then
    return -6;
  end if;
  for v_limit in
    select * from quota_limit
      where project = p_project and namespace in ('', p_namespace) and v_costs ? counts
      order by namespace, quota, resource for update
  loop
    if (v_costs ->> v_limit.counts)::numeric > 0
      and v_limit.used + (v_costs ->> v_limit.counts)::numeric > v_limit.hard then
      v_refusal := -7;
    end if;
  end loop;
  return v_refusal;
end $$;

-- Adds what a write cost to what is used.
create function quota_charge(p_project text, p_namespace text, p_costs text) returns void
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_costs jsonb := p_costs::jsonb;
begin
  perform from quota_limit
    where project = p_project and namespace in ('', p_namespace) and v_costs ? counts
    order by namespace, quota, resource for update;
  update quota_limit set used = used + (v_costs ->> counts)::numeric
    where project = p_project and namespace in ('', p_namespace) and v_costs ? counts;
end $$;

-- How much of something there is. Types are those of instances, with what each has: {"name": {"cpu": 2, "memory": 8e9}}.
create function quota_count(p_project text, p_namespace text, p_counts text, p_kind text, p_types jsonb) returns numeric
language plpgsql stable as $$
begin
  if p_kind is not null then
    return (select count(*) from resource
      where project = p_project and kind = p_kind and (p_namespace = '' or namespace = p_namespace));
  end if;
  case p_counts
    when 'machines' then
      return (select count(*) from resource
        where project = p_project and kind = 'Instance' and (p_namespace = '' or namespace = p_namespace));
    when 'cpu', 'memory' then
      return (select coalesce(sum((p_types -> (object #>> '{spec,runtime,resources,instanceType}') ->> p_counts)::numeric), 0)
        from resource where project = p_project and kind = 'Instance' and (p_namespace = '' or namespace = p_namespace));
    when 'addresses' then
      return (select coalesce(sum(json_array_length(object #> '{spec,networkInterfaces}')), 0)
          from resource where project = p_project and kind = 'Instance' and (p_namespace = '' or namespace = p_namespace))
        + (select count(*) from resource where project = p_project and kind = 'Workload'
          and (p_namespace = '' or namespace = p_namespace) and object #> '{spec,gateway}' is not null)
        + (select count(*) from ipam_address where project = p_project and owner is not null
          and (p_namespace = '' or namespace = p_namespace));
    else
      return 0;
  end case;
end $$;

-- Makes the limits of a quota those that are given, and counts anew what is used of each: {"project", "namespace", "quota",
-- "sealed", "types", "limits": [{"resource", "counts", "kind", "hard"}]}.
create function quota_set(p_quota jsonb) returns void
language plpgsql as $$
declare
  v_project text := p_quota ->> 'project';
  v_namespace text := p_quota ->> 'namespace';
  v_name text := p_quota ->> 'quota';
begin
  -- Addresses are given without the lock of revisions. Whoever does so holds this lock too, and before rows of quota_limit.
  if p_quota -> 'limits' @> '[{"counts": "addresses"}]' then
    lock table ipam_address in share row exclusive mode;
  end if;
  delete from quota_limit
    where project = v_project and namespace = v_namespace and quota = v_name and counts <> 'sealed';
  insert into quota_limit (project, namespace, quota, resource, counts, hard, used)
    select v_project, v_namespace, v_name, l.resource, l.counts, l.hard,
      quota_count(v_project, v_namespace, l.counts, l.kind, p_quota -> 'types')
    from jsonb_to_recordset(p_quota -> 'limits') as l (resource text, counts text, kind text, hard numeric);
  if (p_quota ->> 'sealed')::boolean then
    insert into quota_limit (project, namespace, quota, resource, counts, hard, used)
      values (v_project, '', '', 'sealed', 'sealed', 0, 0)
      on conflict on constraint quota_limit_pkey do nothing;
  end if;
end $$;

-- datum_create_many within the limits that there are; answers also what quota_refusal does. `p_costs` is what each row
-- costs, as far as its writer has worked it out, `p_quotas` the limits that a row is about, or null.
create function datum_create_limited(
  p_project text[], p_kind text[], p_namespace text[], p_name text[], p_uid text[], p_created text[],
  p_labels text[], p_owners text[], p_refs text[], p_object text[],
  p_actor text[], p_manager text[], p_request text[], p_idempotency_key text[], p_input_hash text[],
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
      p_actor, p_manager, p_request, p_idempotency_key, p_input_hash);
  end if;
  -- What a row takes is gone for those behind it.
  for i in 1 .. cardinality(p_name) loop
    -- An answer that was given once is given again, whatever there is room for now.
    v_result := case when p_idempotency_key[i] is not null and exists (select from idempotency
        where project = p_project[i] and actor = p_actor[i] and key = p_idempotency_key[i] and at > now() - interval '24 hours')
      then null else quota_refusal(p_project[i], p_namespace[i], p_costs[i], true) end;
    if v_result is null then
      v_result := (datum_create_many(p_project[i:i], p_kind[i:i], p_namespace[i:i], p_name[i:i], p_uid[i:i], p_created[i:i],
        p_labels[i:i], p_owners[i:i], p_refs[i:i], p_object[i:i], p_actor[i:i], p_manager[i:i], p_request[i:i],
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
  p_actor text[], p_manager text[], p_request text[],
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
      p_owners, p_refs, p_object, p_keep_previous, p_actor, p_manager, p_request);
  end if;
  for i in 1 .. cardinality(p_name) loop
    v_result := quota_refusal(p_project[i], p_namespace[i], p_costs[i], false);
    if v_result is null then
      v_result := (datum_update_many(p_project[i:i], p_kind[i:i], p_namespace[i:i], p_name[i:i], p_uid[i:i], p_expected[i:i],
        p_remove[i:i], p_deleting[i:i], p_labels[i:i], p_owners[i:i], p_refs[i:i], p_object[i:i], p_keep_previous[i:i],
        p_actor[i:i], p_manager[i:i], p_request[i:i]))[1];
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

drop procedure datum_create_flushed;
drop procedure datum_update_flushed;

create procedure datum_create_flushed(
  p_process text, p_project text[], p_kind text[], p_namespace text[], p_name text[], p_uid text[], p_created text[],
  p_labels text[], p_owners text[], p_refs text[], p_object text[],
  p_actor text[], p_manager text[], p_request text[], p_idempotency_key text[], p_input_hash text[],
  p_costs text[], p_quotas text[],
  inout p_results bigint[]
)
language plpgsql as $$
begin
  p_results := datum_create_limited(p_project, p_kind, p_namespace, p_name, p_uid, p_created, p_labels, p_owners, p_refs,
    p_object, p_actor, p_manager, p_request, p_idempotency_key, p_input_hash, p_costs, p_quotas);
  if 0 < any (p_results) then
    call datum_flush(p_process);
  end if;
end $$;

create procedure datum_update_flushed(
  p_process text, p_project text[], p_kind text[], p_namespace text[], p_name text[], p_uid text[], p_expected text[],
  p_remove text[], p_deleting text[], p_labels text[], p_owners text[], p_refs text[], p_object text[],
  p_keep_previous text[], p_actor text[], p_manager text[], p_request text[],
  p_costs text[], p_quotas text[],
  inout p_results bigint[]
)
language plpgsql as $$
begin
  p_results := datum_update_limited(p_project, p_kind, p_namespace, p_name, p_uid, p_expected, p_remove, p_deleting, p_labels,
    p_owners, p_refs, p_object, p_keep_previous, p_actor, p_manager, p_request, p_costs, p_quotas);
  if 0 < any (p_results) then
    call datum_flush(p_process);
  end if;
end $$;

-- Addresses: in which namespace their owner is.
alter table ipam_address add column namespace text;
update ipam_address a set namespace = r.namespace from resource r
  where r.project = a.project and r.kind = 'Instance' and r.uid::text = a.owner;

drop function ipam_allocate_address;

-- Answers the address, or a reason; `block` is null when the subnet has none. With reason QuotaExceeded `quota` says which
-- limit: {"quota", "resource", "hard", "used"}.
create function ipam_allocate_address(
  p_project text, p_namespace text, p_subnet text, p_owner text, p_interface_index integer, p_wanted inet,
  out reason text, out address inet, out block cidr, out quota jsonb
) language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_block ipam_block;
  v_cursor inet;
  v_limit quota_limit;
  v_is_limited boolean := false;
begin
  select a.address into address from ipam_address a
    where a.project = p_project and a.owner = p_owner and a.interface_index = p_interface_index and a.subnet = p_subnet;
  if found then return; end if;

  perform set_config('synchronous_commit', 'off', true);
  -- Whoever counts addresses for a new limit waits for this one, or this one for the limit.
  lock table ipam_address in row exclusive mode;
  select * into v_block from ipam_block b where b.project = p_project and b.owner = p_subnet for no key update;
  if not found then reason := 'OutOfRange'; return; end if;
  block := v_block.block;

  -- Asked twice at once, as for blocks.
  select a.address into address from ipam_address a
    where a.project = p_project and a.owner = p_owner and a.interface_index = p_interface_index and a.subnet = p_subnet;
  if found then return; end if;

  v_cursor := v_block.cursor;
  if p_wanted between ipam_first(block) and ipam_last(block)
    and not exists (select from ipam_address a where a.space = v_block.space and a.address = p_wanted and a.owner is not null)
  then
    address := p_wanted;
  else
    select a.address into address from ipam_address a
      where a.project = p_project and a.subnet = p_subnet and a.owner is null order by a.address limit 1;
    if not found then
      if v_cursor > ipam_last(block) then reason := 'RangeExhausted'; return; end if;
      address := v_cursor;
    end if;
  end if;

  for v_limit in
    select * from quota_limit l
      where l.project = p_project and l.namespace in ('', p_namespace) and l.counts = 'addresses'
      order by l.namespace, l.quota, l.resource for update
  loop
    v_is_limited := true;
    if v_limit.used + 1 > v_limit.hard then
      reason := 'QuotaExceeded';
      address := null;
      quota := jsonb_build_object('quota', v_limit.quota, 'resource', v_limit.resource, 'hard', v_limit.hard::text,
        'used', v_limit.used::text);
      return;
    end if;
  end loop;

  insert into ipam_address as a (space, address, project, namespace, subnet, owner, interface_index)
    values (v_block.space, ipam_allocate_address.address, p_project, p_namespace, p_subnet, p_owner, p_interface_index)
    on conflict on constraint ipam_address_pkey do update
    set owner = excluded.owner, namespace = excluded.namespace, interface_index = excluded.interface_index
    where a.owner is null;
  if not found then
    raise unique_violation using message = 'address ' || host(address) || ' already has an owner';
  end if;
  if v_is_limited then
    perform quota_charge(p_project, p_namespace, '{"addresses": 1}');
  end if;
  -- The cursor rests on an address that has no row; wanted ones may have been given ahead of it.
  while exists (select from ipam_address a where a.space = v_block.space and a.address = v_cursor) loop
    v_cursor := v_cursor + 1;
  end loop;
  update ipam_block b set allocated = b.allocated + 1, cursor = v_cursor where b.project = p_project and b.owner = p_subnet;
end $$;

create or replace function ipam_release_addresses(p_project text, p_owner text) returns setof text
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_block ipam_block;
  v_count bigint;
  v_total bigint := 0;
  v_namespace text;
begin
  perform set_config('synchronous_commit', 'off', true);
  lock table ipam_address in row exclusive mode;
  select a.namespace into v_namespace from ipam_address a where a.project = p_project and a.owner = p_owner limit 1;
  for v_block in
    select b.* from ipam_block b
      where b.project = p_project and b.owner in (select a.subnet from ipam_address a where a.project = p_project and a.owner = p_owner)
      order by b.owner for no key update
  loop
    with given as (
      select a.space, a.address from ipam_address a where a.project = p_project and a.owner = p_owner and a.subnet = v_block.owner
    ), ahead as (
      delete from ipam_address a using given g where a.space = g.space and a.address = g.address and g.address > v_block.cursor
      returning 1
    ), freed as (
      update ipam_address a set owner = null, namespace = null, interface_index = null
      from given g where a.space = g.space and a.address = g.address and g.address < v_block.cursor
      returning 1
    )
    select (select count(*) from ahead) + (select count(*) from freed) into v_count;
    if v_count > 0 then
      update ipam_block b set allocated = b.allocated - v_count where b.project = p_project and b.owner = v_block.owner;
      v_total := v_total + v_count;
      return next v_block.owner;
    end if;
  end loop;
  -- Last, since whoever gives addresses locks blocks before limits.
  if v_total > 0 and exists (select from quota_limit where project = p_project and counts = 'addresses') then
    perform quota_charge(p_project, coalesce(v_namespace, ''), jsonb_build_object('addresses', -v_total)::text);
  end if;
end $$;
