// Step 2: password policies, groups, the state and the history of passwords, one-time tokens.
#include "store/schema/migrations.hpp"

namespace store {

// An older program would let a session in that must change its password first: this step shuts it out.
Migration schema_002() {
  return {2, R"sql(
CREATE TABLE policy(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  kind text NOT NULL,
  name text NOT NULL,
  spec text NOT NULL,
  version bigint NOT NULL,
  changed_at bigint NOT NULL,
  UNIQUE (tenant_id, kind, name)
) {without_rowid};

-- scope: tenant, group or context; scope_id: whose.
CREATE TABLE policy_binding(
  scope text NOT NULL,
  scope_id bytea NOT NULL,
  policy_id bytea NOT NULL REFERENCES policy(id),
  tenant_id bytea NOT NULL,
  PRIMARY KEY (scope, scope_id, policy_id)
) {without_rowid};

CREATE TABLE group_(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  name text NOT NULL,
  UNIQUE (tenant_id, name)
) {without_rowid};

CREATE TABLE group_member(
  account_id bytea NOT NULL REFERENCES account(id),
  group_id bytea NOT NULL REFERENCES group_(id),
  tenant_id bytea NOT NULL,
  PRIMARY KEY (account_id, group_id)
) {without_rowid};
CREATE INDEX group_member_of_group ON group_member(group_id);

-- kind: initial, temporary or own; not_after: an end of its own, whatever the policy says; reminded_days: the
-- threshold at which the owner was last reminded that it will expire.
ALTER TABLE credential ADD COLUMN kind text NOT NULL DEFAULT 'own';
ALTER TABLE credential ADD COLUMN set_at bigint NOT NULL DEFAULT 0;
ALTER TABLE credential ADD COLUMN not_after bigint;
ALTER TABLE credential ADD COLUMN reminded_days bigint;
UPDATE credential SET set_at = created_at, kind = CASE WHEN must_change = 1 THEN 'initial' ELSE 'own' END;

-- The rules that the account's password was last found to keep: a digest of them.
ALTER TABLE account ADD COLUMN policy_version_ok text NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN must_change text NOT NULL DEFAULT 'no';

-- digest: keyed and slow, see docs/decisions/0004-password-history.md; cost: parameters that it was made with.
CREATE TABLE password_history(
  account_id bytea NOT NULL REFERENCES account(id),
  digest bytea NOT NULL,
  tenant_id bytea NOT NULL,
  cost text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, digest)
) {without_rowid};

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
) {without_rowid};
CREATE INDEX one_time_token_of_account ON one_time_token(account_id, purpose);
CREATE INDEX one_time_token_by_end ON one_time_token(expires_at);
)sql",
          2};
}

}  // namespace store
