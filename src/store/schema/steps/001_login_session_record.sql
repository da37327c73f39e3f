-- Step 1: everything that a login by password, a session, a code flow and their record need.
-- Oldest compatible step: 1

-- Which of these steps the database has, when and by which program (its newest step), and the oldest program that can
-- work with it.
CREATE TABLE schema_migration(
  step bigint PRIMARY KEY,
  applied_at bigint NOT NULL,
  program bigint NOT NULL,
  oldest_compatible bigint NOT NULL
);

-- Short texts that are true of the whole database (store/schema/marks.hpp).
CREATE TABLE installation_mark(
  name text PRIMARY KEY,
  value text NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- An organisation that shares the installation with others (S2.4). settings: JSON, the look of its pages.
CREATE TABLE tenant(
  id bytea PRIMARY KEY,
  name text NOT NULL,
  settings text NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- A human being. A person may have several accounts; the row is deleted with the last of them.
CREATE TABLE person(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  given text NOT NULL,
  family text NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- The record that one logs in with. kind and status: words of identity/account/account.cpp; security_stamp: a session
-- of an older stamp has ended; version: raised by each change, so that a form can tell that it was filled in for an
-- older state.
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
) /* SQLite: WITHOUT ROWID */;

-- Login, e-mail address, phone number or certificate of an account, unique in the whole system. The canonical form
-- comes first in the key because a login does not say its type. valid_until: the end of a former login that is still
-- accepted for a time.
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
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX identifier_of_account ON identifier(account_id);

-- The credentials of an account. type: password; data: the PHC string, sealed under the master key. must_change: only
-- older programs read it, kind says the same.
CREATE TABLE credential(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  type text NOT NULL,
  data bytea NOT NULL,
  must_change bigint NOT NULL,
  created_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX credential_of_account ON credential(account_id);
CREATE UNIQUE INDEX credential_password ON credential(account_id) WHERE type = 'password';

-- A role that is chosen after login. methods: names of the accepted methods of login, separated by spaces; level: the
-- lowest level of assurance.
CREATE TABLE acting_context(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  key text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  methods text NOT NULL,
  level bigint NOT NULL,
  UNIQUE (tenant_id, key)
) /* SQLite: WITHOUT ROWID */;

-- Which accounts may choose a context, from when until when.
CREATE TABLE account_context(
  account_id bytea NOT NULL REFERENCES account(id),
  context_id bytea NOT NULL REFERENCES acting_context(id),
  tenant_id bytea NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint,
  PRIMARY KEY (account_id, context_id)
) /* SQLite: WITHOUT ROWID */;

-- The logins of an account. realm: own, or other for logins through relying parties.
CREATE TABLE login_statistics(
  account_id bytea NOT NULL REFERENCES account(id),
  realm text NOT NULL,
  tenant_id bytea NOT NULL,
  last_success bigint,
  last_success_ip text NOT NULL,
  last_failure bigint,
  failures_since_success bigint NOT NULL,
  PRIMARY KEY (account_id, realm)
) /* SQLite: WITHOUT ROWID */;

-- Counts of events under a keyed hash, in a window of time that begins with the first one. They belong to no tenant.
CREATE TABLE throttle(
  key_hash bytea PRIMARY KEY,
  window_end bigint NOT NULL,
  hits bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- An OAuth client. spec: JSON, all that an administrator edits; version: of the spec.
CREATE TABLE client(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  client_id text NOT NULL UNIQUE,
  spec text NOT NULL,
  created_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  version bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- A login in one browser. id and secret_hash: the two halves of its cookie; ends_at: the earlier of idle_until and
-- absolute_until, 0 once the security stamp of the account was raised.
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
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX session_of_account ON session(account_id);
CREATE INDEX session_by_end ON session(ends_at);

-- The clients that a session has logged in to. sid: the claim of this name towards the client.
CREATE TABLE session_client(
  session_id bytea NOT NULL REFERENCES session(id) ON UPDATE CASCADE ON DELETE CASCADE,
  client_id bytea NOT NULL REFERENCES client(id),
  tenant_id bytea NOT NULL,
  sid text NOT NULL,
  PRIMARY KEY (session_id, client_id)
) /* SQLite: WITHOUT ROWID */;
CREATE UNIQUE INDEX session_client_by_sid ON session_client(sid, client_id);

-- A grant: begins as an authorization code and continues as a family of tokens
-- (docs/decisions/0003-grant-begins-as-code.md).
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
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX grant_family_of_session ON grant_family(session_id);
CREATE INDEX grant_family_by_end ON grant_family(expires_at);

-- Keys that sign tokens, sealed under the master key. state: pending, active, retiring or revoked.
CREATE TABLE signing_key(
  kid text PRIMARY KEY,
  algorithm text NOT NULL,
  sealed_pkcs8 bytea NOT NULL,
  state text NOT NULL,
  created_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- Messages to others, written in the transaction that causes them. payload: JSON, sealed under the master key, empty
-- once it was delivered, dropped or erased; next_at: of the next try; state: pending, delivered, failed or dropped.
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
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX outbox_due ON outbox(next_at) WHERE state = 'pending';

-- The audit log. Each event is chained to the one before it by its hash; personal fields (personal) enter the chain as a
-- salted digest and can be erased (docs/decisions/0007-erasable-audit-fields.md).
CREATE TABLE audit_event(
  seq bigint PRIMARY KEY,
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

-- The end of the chain, sealed with a key that is not in the database. One row.
CREATE TABLE audit_head(
  id bigint PRIMARY KEY,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  seal bytea NOT NULL
);
