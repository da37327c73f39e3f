-- Step 2: password policies, groups, the state and the history of passwords, one-time tokens. An older program would
-- accept a session whose password must be changed first; therefore it must not work with this step.
-- Oldest compatible step: 2

-- Rules for passwords. kind: password; spec: JSON.
CREATE TABLE policy(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  kind text NOT NULL,
  name text NOT NULL,
  spec text NOT NULL,
  version bigint NOT NULL,
  changed_at bigint NOT NULL,
  UNIQUE (tenant_id, kind, name)
) /* SQLite: WITHOUT ROWID */;

-- The bindings of policies. scope: tenant, group or context; scope_id: its id.
CREATE TABLE policy_binding(
  scope text NOT NULL,
  scope_id bytea NOT NULL,
  policy_id bytea NOT NULL REFERENCES policy(id),
  tenant_id bytea NOT NULL,
  PRIMARY KEY (scope, scope_id, policy_id)
) /* SQLite: WITHOUT ROWID */;

-- Groups of accounts, to which policies are bound.
CREATE TABLE group_(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  name text NOT NULL,
  UNIQUE (tenant_id, name)
) /* SQLite: WITHOUT ROWID */;

CREATE TABLE group_member(
  account_id bytea NOT NULL REFERENCES account(id),
  group_id bytea NOT NULL REFERENCES group_(id),
  tenant_id bytea NOT NULL,
  PRIMARY KEY (account_id, group_id)
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX group_member_of_group ON group_member(group_id);

-- kind: initial, temporary or own; not_after: the password ends then, whatever the policy says; reminded_days: days
-- before the expiry at which the owner was last reminded of it.
ALTER TABLE credential ADD COLUMN kind text NOT NULL DEFAULT 'own';
ALTER TABLE credential ADD COLUMN set_at bigint NOT NULL DEFAULT 0;
ALTER TABLE credential ADD COLUMN not_after bigint;
ALTER TABLE credential ADD COLUMN reminded_days bigint;
UPDATE credential SET set_at = created_at, kind = CASE WHEN must_change = 1 THEN 'initial' ELSE 'own' END;

-- A digest of the rules that the password was last found to keep; empty: it was never judged.
ALTER TABLE account ADD COLUMN policy_version_ok text NOT NULL DEFAULT '';

-- Whether only the change of the password is possible in the session: no, or the reason.
ALTER TABLE session ADD COLUMN must_change text NOT NULL DEFAULT 'no';

-- Former passwords of an account. digest: keyed and slow (docs/decisions/0004-password-history.md); cost: the
-- parameters with which it was made.
CREATE TABLE password_history(
  account_id bytea NOT NULL REFERENCES account(id),
  digest bytea NOT NULL,
  tenant_id bytea NOT NULL,
  cost text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, digest)
) /* SQLite: WITHOUT ROWID */;

-- Secrets that are sent to a person and may be used once. hash: SHA-256 of the secret; purpose: reset; data: sealed under
-- the master key.
CREATE TABLE one_time_token(
  hash bytea PRIMARY KEY,
  tenant_id bytea NOT NULL,
  purpose text NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  channel text NOT NULL,
  data bytea NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  tries bigint NOT NULL,
  consumed_at bigint
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX one_time_token_of_account ON one_time_token(account_id, purpose);
CREATE INDEX one_time_token_by_end ON one_time_token(expires_at);
