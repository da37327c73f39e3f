-- Step 30: the own time-stamp authority (S4.24). An older program does not read it and issues no time stamps.
-- Oldest compatible step: 1

-- state: active | retired. chain: certificates in DER, one behind the other, the issuer first. sealed_pkcs8: of a key in
-- software. token: name in the configuration, empty = software; token_object: CKA_ID. sha256: of the certificate, in
-- lower-case hexadecimal. created_by: empty = a command or the server itself.
CREATE TABLE timestamp_authority(
  id bytea PRIMARY KEY,
  state text NOT NULL,
  sha256 text NOT NULL UNIQUE,
  name text NOT NULL,
  subject text NOT NULL,
  certificate bytea NOT NULL,
  chain bytea NOT NULL,
  algorithm text NOT NULL,
  spki bytea NOT NULL,
  sealed_pkcs8 bytea NOT NULL,
  token text NOT NULL,
  token_object bytea NOT NULL,
  not_before bigint NOT NULL,
  not_after bigint NOT NULL,
  created_at bigint NOT NULL,
  created_by bytea
) /* SQLite: WITHOUT ROWID */;

-- One row with the id 1. next_serial: the first number that no node has reserved. last_at: the latest time that was
-- stamped, at most a tenth of a second old.
CREATE TABLE timestamp_clock(
  id bigint PRIMARY KEY,
  next_serial bigint NOT NULL,
  last_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
INSERT INTO timestamp_clock(id, next_serial, last_at) VALUES (1, 1, 0);
