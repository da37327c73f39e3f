// Step 1: everything that a login by password, a session, a code flow and their record need.
#include "store/schema/migrations.hpp"

namespace store {

Migration schema_001() {
  return {1, R"sql(
CREATE TABLE installation_mark(
  name text PRIMARY KEY,
  value text NOT NULL
) {without_rowid};

CREATE TABLE tenant(
  id bytea PRIMARY KEY,
  name text NOT NULL,
  settings text NOT NULL
) {without_rowid};

CREATE TABLE person(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  given text NOT NULL,
  family text NOT NULL
) {without_rowid};

CREATE TABLE account(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  person_id bytea REFERENCES person(id),
  kind text NOT NULL,
  external bigint NOT NULL,
  status text NOT NULL,
  status_at bigint,
  status_by bytea,
  locale text NOT NULL,
  security_stamp bigint NOT NULL,
  failures bigint NOT NULL,
  locked_until bigint,
  created_at bigint NOT NULL,
  version bigint NOT NULL
) {without_rowid};

-- Unique in the whole system. The canonical form comes first, for a login does not say its type.
CREATE TABLE identifier(
  canonical text NOT NULL,
  type text NOT NULL,
  tenant_id bytea NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  display text NOT NULL,
  verified_at bigint,
  may_login bigint NOT NULL,
  valid_until bigint,
  created_at bigint NOT NULL,
  PRIMARY KEY (canonical, type)
) {without_rowid};
CREATE INDEX identifier_of_account ON identifier(account_id);

CREATE TABLE credential(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  type text NOT NULL,
  data bytea NOT NULL,
  must_change bigint NOT NULL,
  created_at bigint NOT NULL
) {without_rowid};
CREATE INDEX credential_of_account ON credential(account_id);
CREATE UNIQUE INDEX credential_password ON credential(account_id) WHERE type = 'password';

CREATE TABLE acting_context(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  key text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  methods text NOT NULL,
  level bigint NOT NULL,
  UNIQUE (tenant_id, key)
) {without_rowid};

CREATE TABLE account_context(
  account_id bytea NOT NULL REFERENCES account(id),
  context_id bytea NOT NULL REFERENCES acting_context(id),
  tenant_id bytea NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint,
  PRIMARY KEY (account_id, context_id)
) {without_rowid};

CREATE TABLE login_statistics(
  account_id bytea NOT NULL REFERENCES account(id),
  realm text NOT NULL,
  tenant_id bytea NOT NULL,
  last_success bigint,
  last_success_ip text NOT NULL,
  last_failure bigint,
  failures_since_success bigint NOT NULL,
  PRIMARY KEY (account_id, realm)
) {without_rowid};

-- Counts networks and unknown names: of no tenant.
CREATE TABLE throttle(
  key_hash bytea PRIMARY KEY,
  window_end bigint NOT NULL,
  hits bigint NOT NULL
) {without_rowid};

CREATE TABLE client(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  client_id text NOT NULL UNIQUE,
  spec text NOT NULL,
  created_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  version bigint NOT NULL
) {without_rowid};

-- ends_at: the earlier of idle_until and absolute_until; 0 once the account's security stamp was raised.
CREATE TABLE session(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL,
  secret_hash bytea NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  context_id bytea,
  method text NOT NULL,
  level bigint NOT NULL,
  amr text NOT NULL,
  auth_time bigint NOT NULL,
  created_at bigint NOT NULL,
  last_seen bigint NOT NULL,
  idle_until bigint NOT NULL,
  absolute_until bigint NOT NULL,
  ends_at bigint NOT NULL,
  security_stamp bigint NOT NULL,
  ip text NOT NULL,
  user_agent text NOT NULL
) {without_rowid};
CREATE INDEX session_of_account ON session(account_id);
CREATE INDEX session_by_end ON session(ends_at);

CREATE TABLE session_client(
  session_id bytea NOT NULL REFERENCES session(id) ON UPDATE CASCADE ON DELETE CASCADE,
  client_id bytea NOT NULL REFERENCES client(id),
  tenant_id bytea NOT NULL,
  sid text NOT NULL,
  PRIMARY KEY (session_id, client_id)
) {without_rowid};
CREATE UNIQUE INDEX session_client_by_sid ON session_client(sid, client_id);

-- Begins as an authorization code and lives on as a family of tokens (docs/decisions/0003-grant-begins-as-code.md).
CREATE TABLE grant_family(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL,
  session_id bytea NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  client_id bytea NOT NULL REFERENCES client(id),
  context_id bytea NOT NULL,
  scope text NOT NULL,
  sid text NOT NULL,
  redirect_uri text NOT NULL,
  code_challenge text NOT NULL,
  nonce text NOT NULL,
  resource text NOT NULL,
  code_hash bytea NOT NULL,
  created_at bigint NOT NULL,
  code_until bigint NOT NULL,
  redeemed_at bigint,
  revoked_at bigint,
  expires_at bigint NOT NULL,
  level bigint NOT NULL,
  amr text NOT NULL,
  auth_time bigint NOT NULL
) {without_rowid};
CREATE INDEX grant_family_of_session ON grant_family(session_id);
CREATE INDEX grant_family_by_end ON grant_family(expires_at);

CREATE TABLE signing_key(
  kid text PRIMARY KEY,
  algorithm text NOT NULL,
  sealed_pkcs8 bytea NOT NULL,
  state text NOT NULL,
  created_at bigint NOT NULL
) {without_rowid};

CREATE TABLE outbox(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  kind text NOT NULL,
  payload bytea NOT NULL,
  tries bigint NOT NULL,
  next_at bigint NOT NULL,
  state text NOT NULL,
  last_error text NOT NULL,
  created_at bigint NOT NULL,
  finished_at bigint
) {without_rowid};
CREATE INDEX outbox_due ON outbox(next_at) WHERE state = 'pending';

CREATE TABLE audit_event(
  seq {row_number} PRIMARY KEY,
  at bigint NOT NULL,
  tenant_id bytea NOT NULL,
  type text NOT NULL,
  outcome text NOT NULL,
  actor bytea,
  on_behalf_of bytea,
  subject bytea,
  client text NOT NULL,
  session bytea,
  request_id text NOT NULL,
  context text NOT NULL,
  data text NOT NULL,
  personal_digest bytea NOT NULL,
  salt bytea NOT NULL,
  personal text NOT NULL,
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL
);

CREATE TABLE audit_head(
  id {row_number} PRIMARY KEY,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  seal bytea NOT NULL
);
)sql",
          1};
}

const std::vector<Migration>& all_migrations() {
  static const std::vector<Migration> steps{schema_001(), schema_002(), schema_003(), schema_004()};
  return steps;
}

}  // namespace store
