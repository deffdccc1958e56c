-- Where all rows of a batch fit into the limits there are, they are written as one statement, as elsewhere. Rows take turns only
-- where somebody may have to be refused.

-- Whether every row of a batch may be written, whatever becomes of the others: nothing is sealed, each says what it costs, and
-- there is room for all that they take, without what they give back. The limits stay locked, in the order of their key.
create function quota_fits(p_project text[], p_namespace text[], p_costs text[], p_creates boolean) returns boolean
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  if array_position(p_costs, null) is not null then
    return false;
  end if;
  if p_creates and exists (select from quota_limit where project = any (p_project) and namespace = '' and counts = 'sealed') then
    return false;
  end if;
  perform from quota_limit l
    where l.project = any (p_project) and (l.namespace = '' or l.namespace = any (p_namespace))
    order by l.project, l.namespace, l.quota, l.resource for update;
  return not exists (
    select from quota_limit l join (
        select w.project, w.namespace, c.key, sum(c.value::numeric) as amount
        from unnest(p_project, p_namespace, p_costs) as w (project, namespace, costs), jsonb_each_text(w.costs::jsonb) c
        where c.value::numeric > 0 group by w.project, w.namespace, c.key
      ) taken on l.project = taken.project and l.namespace in ('', taken.namespace) and l.counts = taken.key
    where l.project = any (p_project)
    group by l.project, l.namespace, l.quota, l.resource, l.used, l.hard
    having l.used + sum(taken.amount) > l.hard
  );
end $$;

-- Adds what the rows cost that were written.
create function quota_charge_all(p_project text[], p_namespace text[], p_costs text[], p_results bigint[]) returns void
language sql set enable_seqscan = off as $$
  update quota_limit l set used = l.used + charged.amount
    from (
      select m.project, m.namespace, m.quota, m.resource, sum(c.value::numeric) as amount
      from unnest(p_project, p_namespace, p_costs, p_results) as w (project, namespace, costs, result),
        jsonb_each_text(w.costs::jsonb) c, quota_limit m
      where w.result > 0 and m.project = w.project and m.namespace in ('', w.namespace) and m.counts = c.key
      group by m.project, m.namespace, m.quota, m.resource
    ) charged
    where l.project = charged.project and l.namespace = charged.namespace and l.quota = charged.quota
      and l.resource = charged.resource
$$;

-- datum_create_many within the limits that there are; answers also what quota_refusal does. `p_costs` is what each row
-- costs, as far as its writer has worked it out, `p_quotas` the limits that a row is about, or null.
create or replace function datum_create_limited(
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
  if cardinality(array_remove(p_quotas, null)) = 0 and cardinality(array_remove(p_idempotency_key, null)) = 0
    and quota_fits(p_project, p_namespace, p_costs, true) then
    v_results := datum_create_many(p_project, p_kind, p_namespace, p_name, p_uid, p_created, p_labels, p_owners, p_refs,
      p_object, p_actor, p_manager, p_request, p_origin, p_idempotency_key, p_input_hash);
    perform quota_charge_all(p_project, p_namespace, p_costs, v_results);
    return v_results;
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
create or replace function datum_update_limited(
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
  if cardinality(array_remove(p_quotas, null)) = 0 and quota_fits(p_project, p_namespace, p_costs, false) then
    v_results := datum_update_many(p_project, p_kind, p_namespace, p_name, p_uid, p_expected, p_remove, p_deleting, p_labels,
      p_owners, p_refs, p_object, p_keep_previous, p_actor, p_manager, p_request, p_origin);
    perform quota_charge_all(p_project, p_namespace, p_costs, v_results);
    return v_results;
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
