-- Address management. The blocks of a space tile its range: every block, given or free, is one row, and splitting or
-- merging buddies replaces rows by rows that cover the same addresses. Every operation is one function that works under
-- the lock of one space row (blocks) or one block row (addresses), always in the order space, block.
--
-- The functions commit without waiting for the disk: the lock would otherwise be held across the flush and bound a
-- network to one allocation per flush. Nothing is lost by it, because WAL is flushed in order: the caller's next
-- acknowledged write (status, cloud intent) takes this commit to disk with it, and before that nobody was told.

create table ipam_space (
  id       bigint generated always as identity primary key,
  project  text not null,
  network  text not null,
  family   smallint not null check (family in (4, 6)),
  range    cidr not null check (family(range) = family),
  -- The /48 that was chosen here, not by a user: no other of the project is the same.
  assigned cidr,
  -- Blocks given, and the addresses that lie in them.
  blocks   bigint not null default 0,
  used     numeric not null default 0,
  unique (project, network, family),
  unique (project, assigned)
) with (fillfactor = 50);
create index ipam_space_range on ipam_space using gist (range inet_ops);

-- An address without prefix, as wide as its family.
create function ipam_host(address inet) returns inet language sql immutable parallel safe as $$
  select set_masklen(address, case family(address) when 4 then 32 else 128 end)
$$;

create table ipam_block (
  space     bigint not null references ipam_space on delete cascade,
  block     cidr not null,
  first     inet not null generated always as (ipam_host(block)) stored,
  -- First address of the next block; null for the last block of the range.
  next      inet check (case when next is null then true else next = ipam_host(broadcast(block)) + 1 end),
  project   text not null,
  -- Uid of the Subnet; null when the block is free.
  owner     text,
  -- Addresses from here on were never given in order; freed ones below it are rows without owner in ipam_address.
  cursor    inet,
  allocated bigint not null default 0,
  -- With the check on `next`, these three let no two blocks of a network overlap, whatever the functions do: every block
  -- but the last has a successor that begins where it ends, and no two have the same, so all blocks lie on one chain, end
  -- to start. An exclusion constraint on GiST refuses the same; its cost grew by a quarter up to 100,000 blocks, this not.
  primary key (space, first),
  constraint ipam_block_one_before unique nulls not distinct (next, space),
  constraint ipam_block_chain foreign key (space, next) references ipam_block (space, first) deferrable initially deferred,
  unique (project, owner),
  check ((owner is null) = (cursor is null)),
  check (allocated >= 0 and (owner is not null or allocated = 0))
) with (fillfactor = 70);
-- Best fit is the first entry at or after the wanted size: the smallest block that is large enough, lowest address first.
create index ipam_block_fit on ipam_block (space, masklen(block) desc, first) where owner is null;

create table ipam_address (
  space           bigint not null,
  address         inet not null,
  project         text not null,
  subnet          text not null,
  -- Uid of the Instance; null once given back.
  owner           text,
  interface_index integer,
  -- Whatever the functions do, an address of a network has one owner.
  primary key (space, address),
  foreign key (project, subnet) references ipam_block (project, owner),
  unique (project, subnet, owner, interface_index),
  check ((owner is null) = (interface_index is null))
);
create index ipam_address_owner on ipam_address (project, owner) where owner is not null;
create index ipam_address_freed on ipam_address (project, subnet, address) where owner is null;

-- Addresses in a block.
create function ipam_size(block cidr) returns numeric language sql immutable parallel safe as $$
  select trunc(power(2::numeric, case family(block) when 4 then 32 else 128 end - masklen(block)))
$$;

-- First address after the block; null at the end of the range.
create function ipam_next(block cidr, range cidr) returns inet language sql immutable parallel safe as $$
  select case when ipam_host(broadcast(block)) <> ipam_host(broadcast(range)) then ipam_host(broadcast(block)) + 1 end
$$;

-- The other half of the block's parent.
create function ipam_sibling(block cidr) returns cidr language sql immutable parallel safe as $$
  select case
    when set_masklen(set_masklen(block, masklen(block) - 1), masklen(block)) = block
    then network(set_masklen(broadcast(set_masklen(block, masklen(block) - 1)), masklen(block)))
    else set_masklen(set_masklen(block, masklen(block) - 1), masklen(block))
  end
$$;

-- First address that may be given: after network and gateway.
create function ipam_first(block cidr) returns inet language sql immutable parallel safe as $$
  select ipam_host(block) + 2
$$;

-- Last address that may be given: the cloud keeps the last two of an IPv4 block.
create function ipam_last(block cidr) returns inet language sql immutable parallel safe as $$
  select case family(block) when 4 then ipam_host(broadcast(block)) - 2 else ipam_host(broadcast(block)) end
$$;

-- Answers the range of the network, old or new. `reason` is set when the asked range is neither the old one nor around it.
create function ipam_ensure_space(p_project text, p_network text, p_family smallint, p_range cidr, out reason text, out range cidr)
language plpgsql as $$
declare
  v_space ipam_space;
  v_candidate cidr := p_range;
  v_hash text;
begin
  perform set_config('synchronous_commit', 'off', true);
  for v_attempt in 0 .. 1000 loop
    select * into v_space from ipam_space s
      where s.project = p_project and s.network = p_network and s.family = p_family for no key update;
    exit when found;
    if p_range is null then
      v_hash := md5(p_project || '/' || p_network || '/' || v_attempt);
      v_candidate := ('fd20:0' || substr(v_hash, 1, 3) || ':' || substr(v_hash, 4, 4) || '::/48')::cidr;
      continue when exists (select from ipam_space s where s.project = p_project and s.range && v_candidate);
    end if;
    with made as (
      insert into ipam_space (project, network, family, range, assigned)
      values (p_project, p_network, p_family, v_candidate, case when p_range is null then v_candidate end)
      on conflict do nothing returning id
    )
    insert into ipam_block (space, block, project) select made.id, v_candidate, p_project from made;
  end loop;
  if v_space.id is null then
    reason := 'RangeExhausted';
    return;
  end if;
  range := v_space.range;
  if p_range is null or p_range = v_space.range then
    return;
  end if;
  if not p_range >> v_space.range then
    reason := 'OutOfRange';
    return;
  end if;
  -- Growth: the siblings on the way up are free; a space that is free as a whole stays one free block.
  update ipam_block b set block = p_range where b.space = v_space.id and b.block = v_space.range and b.owner is null;
  if not found then
    update ipam_block b set next = ipam_next(b.block, p_range) where b.space = v_space.id and b.next is null;
    insert into ipam_block (space, block, next, project)
      select v_space.id, sibling, ipam_next(sibling, p_range), p_project
      from generate_series(masklen(p_range) + 1, masklen(v_space.range)) k, ipam_sibling(set_masklen(v_space.range, k)) sibling;
  end if;
  update ipam_space s set range = p_range where s.id = v_space.id;
  range := p_range;
end $$;

-- False while blocks are given.
create function ipam_drop_space(p_project text, p_network text) returns boolean language plpgsql as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  perform from ipam_space s where s.project = p_project and s.network = p_network order by s.family for update;
  if exists (select from ipam_space s where s.project = p_project and s.network = p_network and s.blocks > 0) then
    return false;
  end if;
  delete from ipam_space s where s.project = p_project and s.network = p_network;
  return true;
end $$;

-- Answers the block, or a reason with the block that was asked for (exact requests), the one in the way and its holder.
create function ipam_allocate_block(
  p_project text, p_network text, p_family smallint, p_owner text, p_prefix smallint, p_start inet,
  out reason text, out block cidr, out holder text, out held cidr, out space_range cidr, out aligned boolean
) language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_space bigint;
  v_free cidr;
  v_wanted cidr;
begin
  select b.block into block from ipam_block b where b.project = p_project and b.owner = p_owner;
  if found then return; end if;

  perform set_config('synchronous_commit', 'off', true);
  select s.id, s.range into v_space, space_range from ipam_space s
    where s.project = p_project and s.network = p_network and s.family = p_family for no key update;
  if not found then reason := 'OutOfRange'; return; end if;

  -- Asked twice at once: the other call may have been served while this one waited for the lock.
  select b.block into block from ipam_block b where b.project = p_project and b.owner = p_owner;
  if found then return; end if;

  if p_prefix < masklen(space_range) then reason := 'OutOfRange'; return; end if;
  if p_start is null then
    select b.block into v_free from ipam_block b where b.space = v_space and masklen(b.block) <= p_prefix and b.owner is null
      order by masklen(b.block) desc, b.first limit 1;
    if not found then reason := 'RangeExhausted'; return; end if;
    v_wanted := set_masklen(v_free, p_prefix);
  else
    v_wanted := network(set_masklen(p_start, p_prefix));
    block := v_wanted;
    aligned := ipam_host(v_wanted) = p_start;
    if not aligned or not v_wanted <<= space_range then reason := 'OutOfRange'; return; end if;
    -- The block that the wanted one begins in; it is free and large enough, or in the way.
    select b.block, b.owner into strict v_free, holder from ipam_block b
      where b.space = v_space and b.first <= p_start order by b.first desc limit 1;
    if holder is null and not v_free >>= v_wanted then
      select b.block, b.owner into strict v_free, holder from ipam_block b
        where b.space = v_space and b.first > p_start and b.owner is not null order by b.first limit 1;
    end if;
    if holder is not null then reason := 'AddressConflict'; held := v_free; return; end if;
  end if;

  -- The row of the free block becomes the lowest part of the split.
  if ipam_host(v_wanted) = ipam_host(v_free) then
    update ipam_block b set block = v_wanted, next = ipam_next(v_wanted, space_range), owner = p_owner, cursor = ipam_first(v_wanted)
      where b.space = v_space and b.first = ipam_host(v_free);
  else
    update ipam_block b set block = part, next = ipam_next(part, space_range)
      from generate_series(masklen(v_free) + 1, p_prefix) k, ipam_sibling(set_masklen(v_wanted, k)) part
      where b.space = v_space and b.first = ipam_host(v_free) and ipam_host(part) = b.first;
    insert into ipam_block (space, block, next, project, owner, cursor)
      values (v_space, v_wanted, ipam_next(v_wanted, space_range), p_project, p_owner, ipam_first(v_wanted));
  end if;
  if masklen(v_free) < p_prefix then
    insert into ipam_block (space, block, next, project)
      select v_space, part, ipam_next(part, space_range), p_project
      from generate_series(masklen(v_free) + 1, p_prefix) k, ipam_sibling(set_masklen(v_wanted, k)) part
      where ipam_host(part) <> ipam_host(v_free);
  end if;
  update ipam_space s set blocks = s.blocks + 1, used = s.used + ipam_size(v_wanted) where s.id = v_space;
  block := v_wanted;
end $$;

-- False, and nothing happens, while addresses of the block are given.
create function ipam_release_block(p_project text, p_owner text) returns boolean
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_block ipam_block;
  v_range cidr;
  v_merged cidr;
begin
  select * into v_block from ipam_block b where b.project = p_project and b.owner = p_owner;
  if not found then return true; end if;
  if v_block.allocated > 0 then return false; end if;

  perform set_config('synchronous_commit', 'off', true);
  select s.range into v_range from ipam_space s where s.id = v_block.space for no key update;
  select * into v_block from ipam_block b where b.project = p_project and b.owner = p_owner for update;
  if not found then return true; end if;
  if v_block.allocated > 0 then return false; end if;

  delete from ipam_address a where a.project = p_project and a.subnet = p_owner and a.owner is null;
  v_merged := v_block.block;
  while masklen(v_merged) > masklen(v_range) loop
    perform from ipam_block b
      where b.space = v_block.space and b.first = ipam_host(ipam_sibling(v_merged)) and b.block = ipam_sibling(v_merged) and b.owner is null;
    exit when not found;
    v_merged := set_masklen(v_merged, masklen(v_merged) - 1);
  end loop;
  if v_merged <> v_block.block then
    delete from ipam_block b
      where b.space = v_block.space and b.first > ipam_host(v_merged) and b.first <= ipam_host(broadcast(v_merged));
  end if;
  update ipam_block b set block = v_merged, next = ipam_next(v_merged, v_range), owner = null, cursor = null
    where b.space = v_block.space and b.first = ipam_host(v_merged);
  update ipam_space s set blocks = s.blocks - 1, used = s.used - ipam_size(v_block.block) where s.id = v_block.space;
  return true;
end $$;

-- Answers the address, or a reason; `block` is null when the subnet has none.
create function ipam_allocate_address(
  p_project text, p_subnet text, p_owner text, p_interface_index integer, p_wanted inet,
  out reason text, out address inet, out block cidr
) language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_block ipam_block;
  v_cursor inet;
begin
  select a.address into address from ipam_address a
    where a.project = p_project and a.owner = p_owner and a.interface_index = p_interface_index and a.subnet = p_subnet;
  if found then return; end if;

  perform set_config('synchronous_commit', 'off', true);
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

  insert into ipam_address as a (space, address, project, subnet, owner, interface_index)
    values (v_block.space, ipam_allocate_address.address, p_project, p_subnet, p_owner, p_interface_index)
    on conflict on constraint ipam_address_pkey do update
    set owner = excluded.owner, interface_index = excluded.interface_index where a.owner is null;
  if not found then
    raise unique_violation using message = 'address ' || host(address) || ' already has an owner';
  end if;
  -- The cursor rests on an address that has no row; wanted ones may have been given ahead of it.
  while exists (select from ipam_address a where a.space = v_block.space and a.address = v_cursor) loop
    v_cursor := v_cursor + 1;
  end loop;
  update ipam_block b set allocated = b.allocated + 1, cursor = v_cursor where b.project = p_project and b.owner = p_subnet;
end $$;

-- Gives back all addresses of an owner; answers the subnets they came from.
create function ipam_release_addresses(p_project text, p_owner text) returns setof text
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_block ipam_block;
  v_count bigint;
begin
  perform set_config('synchronous_commit', 'off', true);
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
      update ipam_address a set owner = null, interface_index = null
      from given g where a.space = g.space and a.address = g.address and g.address < v_block.cursor
      returning 1
    )
    select (select count(*) from ahead) + (select count(*) from freed) into v_count;
    if v_count > 0 then
      update ipam_block b set allocated = b.allocated - v_count where b.project = p_project and b.owner = v_block.owner;
      return next v_block.owner;
    end if;
  end loop;
end $$;
