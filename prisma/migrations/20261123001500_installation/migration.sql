-- Tells what this product made in a cloud from what another one made there. One row, written once.

create table installation (
  only_one boolean primary key default true check (only_one),
  id       text not null
);
