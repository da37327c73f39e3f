// Step 4: known devices, the counts of the lock-out that cannot be turned against the owner, the login before the last.
#include "store/schema/migrations.hpp"

namespace store {

Migration schema_004() {
  return {4, R"sql(
CREATE TABLE device(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  secret_hash bytea NOT NULL,
  user_agent text NOT NULL,
  created_at bigint NOT NULL,
  last_seen bigint NOT NULL
) {without_rowid};
CREATE INDEX device_of_account ON device(account_id, last_seen);
CREATE INDEX device_by_use ON device(last_seen);

-- One row for each source of failed proofs (strangers of an account or of a name that nobody has, one known device)
-- and kind of proof, under a keyed hash. The account is named where there is one, so that it can be seen and freed.
CREATE TABLE failure_count(
  key_hash bytea PRIMARY KEY,
  account_id bytea REFERENCES account(id),
  failures bigint NOT NULL,
  last_at bigint NOT NULL,
  barrier_at bigint NOT NULL
) {without_rowid};
CREATE INDEX failure_count_of_account ON failure_count(account_id) WHERE account_id IS NOT NULL;
CREATE INDEX failure_count_by_time ON failure_count(last_at);

-- Of no tenant.
CREATE TABLE network_bucket(
  key_hash bytea PRIMARY KEY,
  taken bigint NOT NULL,
  at bigint NOT NULL
) {without_rowid};

-- The success before the last one, and the failures between the two: at a login these are what says something.
ALTER TABLE login_statistics ADD COLUMN previous_success bigint;
ALTER TABLE login_statistics ADD COLUMN failures_before bigint NOT NULL DEFAULT 0;

CREATE INDEX grant_family_of_account ON grant_family(account_id);
CREATE INDEX account_context_of_context ON account_context(context_id);
)sql",
          1};
}

}  // namespace store
