-- A block grows where it lies: all that the larger one takes in must be free. Nobody has to give up an address.

-- Answers the block as it is then, or a reason with the block that was asked for, the one in the way and its holder. Without
-- `p_start` the larger block is the one around. A block that is as large already stays as it is.
create function ipam_grow_block(
  p_project text, p_owner text, p_prefix smallint, p_start inet,
  out reason text, out block cidr, out holder text, out held cidr, out space_range cidr
) language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_block ipam_block;
  v_cursor inet;
begin
  select * into v_block from ipam_block b where b.project = p_project and b.owner = p_owner;
  if not found then reason := 'OutOfRange'; return; end if;

  perform set_config('synchronous_commit', 'off', true);
  select s.range into space_range from ipam_space s where s.id = v_block.space for no key update;
  select * into v_block from ipam_block b where b.project = p_project and b.owner = p_owner for update;
  if not found then reason := 'OutOfRange'; return; end if;
  block := v_block.block;
  if masklen(block) <= p_prefix then return; end if;

  block := network(set_masklen(v_block.block, p_prefix));
  if p_prefix < masklen(space_range) or p_start <> ipam_host(block) then reason := 'OutOfRange'; return; end if;
  select b.owner, b.block into holder, held from ipam_block b
    where b.space = v_block.space and b.first between ipam_host(ipam_grow_block.block) and ipam_host(broadcast(ipam_grow_block.block))
      and b.owner <> p_owner
    order by b.first limit 1;
  if found then reason := 'AddressConflict'; return; end if;

  delete from ipam_block b
    where b.space = v_block.space and b.first between ipam_host(ipam_grow_block.block) and ipam_host(broadcast(ipam_grow_block.block))
      and b.owner is null;
  v_cursor := v_block.cursor;
  -- What was never given in order begins below now: the cursor passes by all again, freed ones included.
  if ipam_host(block) < v_block.first then
    delete from ipam_address a where a.project = p_project and a.subnet = p_owner and a.owner is null;
    v_cursor := ipam_first(block);
  end if;
  update ipam_block b
    set block = ipam_grow_block.block, next = ipam_next(ipam_grow_block.block, ipam_grow_block.space_range), cursor = v_cursor
    where b.project = p_project and b.owner = p_owner;
  update ipam_space s set used = s.used + ipam_size(ipam_grow_block.block) - ipam_size(v_block.block) where s.id = v_block.space;
end $$;
