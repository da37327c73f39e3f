-- Step 4: known devices; failures counted by source, so that a stranger cannot lock an owner out; the login before the
-- last.
-- Oldest compatible step: 1

-- Browsers from which a login to the account has succeeded (docs/decisions/0006-known-devices.md).
CREATE TABLE device(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  secret_hash bytea NOT NULL,
  user_agent text NOT NULL,
  created_at bigint NOT NULL,
  last_seen bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX device_of_account ON device(account_id, last_seen);
CREATE INDEX device_by_use ON device(last_seen);

-- One row for each source of failed proofs and kind of proof, under a keyed hash. A source is one known device, or all
-- strangers of an account, or all strangers of a name that no account has. account_id: so that an administrator can see
-- and release a lockout.
CREATE TABLE failure_count(
  key_hash bytea PRIMARY KEY,
  account_id bytea REFERENCES account(id),
  failures bigint NOT NULL,
  last_at bigint NOT NULL,
  barrier_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX failure_count_of_account ON failure_count(account_id) WHERE account_id IS NOT NULL;
CREATE INDEX failure_count_by_time ON failure_count(last_at);

-- Attempts to log in by network, under a keyed hash. They belong to no tenant. Only older programs write it; later ones
-- count in memory.
CREATE TABLE network_bucket(
  key_hash bytea PRIMARY KEY,
  taken bigint NOT NULL,
  at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- The success before the last one, and the failures between the two: after a login, the page shows these.
ALTER TABLE login_statistics ADD COLUMN previous_success bigint;
ALTER TABLE login_statistics ADD COLUMN failures_before bigint NOT NULL DEFAULT 0;

CREATE INDEX grant_family_of_account ON grant_family(account_id);
CREATE INDEX account_context_of_context ON account_context(context_id);
