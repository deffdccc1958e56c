-- Keys that values are sealed with, each wrapped by a key-encryption key that is not in the database.
create table data_key (
  id          text primary key,
  -- `seal` for values, of which the newest that is active seals; `hash` for keyed hashes, of which there is one
  purpose     text not null check (purpose in ('seal', 'hash')),
  provider    text not null,
  -- which key of the provider wrapped it
  key_id      text not null,
  wrapped     bytea not null,
  created_at  timestamptz not null default now(),
  -- every process has read it by then
  active_from timestamptz not null,
  -- made by a rotation that is not through yet
  rotating    boolean not null default false,
  -- nothing is sealed with it any more: deleted after this
  retire_at   timestamptz
);
