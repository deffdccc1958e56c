-- Writing and making safe in one round trip: each procedure commits what it wrote, which frees the revision lock, and ends
-- with a commit of its own that waits until everything up to there is safe on disk and tells listeners.

create procedure datum_flush(p_process text)
language plpgsql as $$
begin
  commit;
  perform set_config('synchronous_commit', 'on', true), pg_logical_emit_message(true, 'datum', ''),
    pg_notify('datum_change', p_process);
end $$;

create procedure datum_create_flushed(
  p_process text, p_project text[], p_kind text[], p_namespace text[], p_name text[], p_uid text[], p_created text[],
  p_labels text[], p_owners text[], p_refs text[], p_object text[],
  p_actor text[], p_manager text[], p_request text[], p_idempotency_key text[], p_input_hash text[],
  inout p_results bigint[]
)
language plpgsql as $$
begin
  p_results := datum_create_many(p_project, p_kind, p_namespace, p_name, p_uid, p_created, p_labels, p_owners, p_refs,
    p_object, p_actor, p_manager, p_request, p_idempotency_key, p_input_hash);
  if 0 < any (p_results) then
    call datum_flush(p_process);
  end if;
end $$;

create procedure datum_update_flushed(
  p_process text, p_project text[], p_kind text[], p_namespace text[], p_name text[], p_uid text[], p_expected text[],
  p_remove text[], p_deleting text[], p_labels text[], p_owners text[], p_refs text[], p_object text[], p_previous text[],
  p_actor text[], p_manager text[], p_request text[],
  inout p_results bigint[]
)
language plpgsql as $$
begin
  p_results := datum_update_many(p_project, p_kind, p_namespace, p_name, p_uid, p_expected, p_remove, p_deleting, p_labels,
    p_owners, p_refs, p_object, p_previous, p_actor, p_manager, p_request);
  if 0 < any (p_results) then
    call datum_flush(p_process);
  end if;
end $$;
