-- Tokens that were handed out. The secret itself is nowhere: whoever reads this table cannot use one.
create table access_token (
  id           text primary key,
  hash         bytea not null,
  username     text not null,
  groups       text[] not null,
  project      text,
  note         text not null,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz
);
create unique index access_token_hash on access_token (hash);

-- Signed tokens that were taken back before their time, by the hash of what was signed.
create table revoked_credential (
  hash       bytea primary key,
  expires_at timestamptz,
  revoked_at timestamptz not null default now()
);

-- Keys that sign the tokens of service accounts; all processes share them. The private part is encrypted.
create table signing_key (
  id           text primary key,
  public_key   json not null,
  private_key  text not null,
  created_at   timestamptz not null default now(),
  needed_until timestamptz not null
);
