-- Calls to clouds within the limits that a cloud counts them by, which all processes share. Nothing is lost with it: unlogged.

create unlogged table cloud_budget (
  -- cloud project and kind of call, such as "acme-edge globalReads"
  bucket  text collate "C" primary key,
  -- number of the window since 1970
  period  bigint not null,
  used    bigint not null,
  -- what was granted last, told to who asked
  granted bigint not null
) with (fillfactor = 50);
