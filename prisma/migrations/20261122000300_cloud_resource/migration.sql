-- Objects that we made, are making or are unmaking in a cloud: one row each, written before the first call.

create table cloud_resource (
  cloud           text collate "C" not null,
  -- cloud project
  account         text collate "C" not null,
  -- global, regions/us-south1, zones/us-south1-a
  scope           text collate "C" not null,
  type            text collate "C" not null,
  name            text collate "C" not null,
  project         text collate "C" not null,
  owner_kind      text not null,
  owner_uid       text collate "C" not null,
  owner_namespace text not null,
  owner_name      text not null,
  -- controller to wake when something happened to it
  controller      text not null,
  verb            text not null,
  state           text not null,
  -- idempotency key of the call; also tells one plan from the next
  request_id      uuid not null,
  planned_at      timestamptz not null,
  operation       text,
  spec_hash       text,
  target_id       text,
  error           json,
  attempts        integer not null,
  retry_at        timestamptz,
  facts           jsonb not null,
  -- whether the owner's controller was woken since the poller changed the row
  announced       boolean not null default true,
  changed_at      timestamptz not null default now(),
  -- One row for one object of the cloud, whoever wants it.
  constraint cloud_resource_pkey primary key (cloud, account, scope, type, name),
  constraint cloud_resource_verb check (verb in ('insert', 'patch', 'delete', 'none')),
  constraint cloud_resource_state check (state in ('planned', 'running', 'ready', 'failed', 'gone'))
) with (fillfactor = 80);

create unique index cloud_resource_request on cloud_resource (request_id);
create index cloud_resource_owner on cloud_resource (owner_uid);
create index cloud_resource_running on cloud_resource (cloud, account, scope) where state = 'running';
create index cloud_resource_unannounced on cloud_resource (changed_at) where not announced;
