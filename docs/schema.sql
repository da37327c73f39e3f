-- The whole schema, as the steps of src/store/schema/steps make it. Printed by `make schema`; nothing reads this page.
--
-- Types are the same on both engines: bigint (whole numbers, times in UTC milliseconds, 0 or 1 for no or yes), text
-- (UTF-8) and bytea (octets; an id has 16, and ids that were made later are larger). JSON is text.

-- ---- schema ---------------------------------------------------------------------------------------------------

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

-- ---- tenant ---------------------------------------------------------------------------------------------------

-- An organisation that shares the installation with others (S2.4). settings: JSON, the look of its pages.
CREATE TABLE tenant(
  id bytea PRIMARY KEY,
  name text NOT NULL,
  settings text NOT NULL,
  -- key: a stable name for commands and configuration; parent_id: the tenant whose administrators reach this one; locale:
  -- the language of those who have not chosen one, "" = that of the installation.
  key text NOT NULL DEFAULT '',
  parent_id bytea REFERENCES tenant(id),
  locale text NOT NULL DEFAULT '',
  version bigint NOT NULL DEFAULT 1
) /* SQLite: WITHOUT ROWID */;
CREATE UNIQUE INDEX tenant_by_key ON tenant(key) WHERE key <> '';

-- state: off | ordered | on; a tenant without a row is as the one above it. since: when it got the state; changed_by:
-- empty = a command; is_seen: whether somebody has opened the feature since it was switched on.
CREATE TABLE tenant_feature(
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  feature text NOT NULL,
  state text NOT NULL,
  since bigint NOT NULL,
  changed_by bytea,
  is_seen bigint NOT NULL,
  PRIMARY KEY (tenant_id, feature)
) /* SQLite: WITHOUT ROWID */;

-- ---- account --------------------------------------------------------------------------------------------------

-- Grows with people: read by an index only.
-- A human being. A person may have several accounts; the row is deleted with the last of them.
CREATE TABLE person(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  given text NOT NULL,
  family text NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- Grows with people: read by an index only.
-- Identifiers of a human being, which all accounts of the person share: PESEL, passport, identity card.
CREATE TABLE person_identifier(
  canonical text NOT NULL,
  type text NOT NULL,
  tenant_id bytea NOT NULL,
  person_id bytea NOT NULL REFERENCES person(id),
  display text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (canonical, type)
) /* SQLite: WITHOUT ROWID */;
CREATE UNIQUE INDEX person_identifier_of_person ON person_identifier(person_id, type);

-- Grows with people: read by an index only.
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
  version bigint NOT NULL,
  -- A digest of the rules that the password was last found to keep; empty: it was never judged.
  policy_version_ok text NOT NULL DEFAULT '',
  preferred_channel text NOT NULL DEFAULT '',
  -- The main account of a sub account; null for others.
  main_account_id bytea REFERENCES account(id),
  -- Whether it may have sub accounts, because an administrator has appointed it (S2.4).
  is_main bigint NOT NULL DEFAULT 0,
  -- Name of a legal person or a system, or where a person works; empty: none.
  organisation text NOT NULL DEFAULT '',
  -- Of the page of the first login, for messages to whoever has not chosen a language: "en", "de", "pl"; empty: none yet.
  first_language text NOT NULL DEFAULT '',
  -- The owner's own wish to be asked for a second factor at every login.
  always_second_factor bigint NOT NULL DEFAULT 0,
  -- Empty: not since this is kept.
  changed_at bigint
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX account_of_main ON account(main_account_id);
-- A person may have an employee and a recipient account, but not two of one kind (S4.14).
CREATE UNIQUE INDEX account_of_person ON account(person_id, kind) WHERE person_id IS NOT NULL;
CREATE INDEX account_by_state ON account(tenant_id, status, kind);
CREATE INDEX account_locked ON account(tenant_id, locked_until) WHERE locked_until IS NOT NULL;
CREATE INDEX account_main ON account(tenant_id, status) WHERE is_main = 1;

-- Grows with people: read by an index only.
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
  -- Of an e-mail address: messages to it go to the main account (S2.5).
  redirect_to_main bigint NOT NULL DEFAULT 0,
  -- When an administrator entered an address, which is in force before its owner has confirmed it (verified_at).
  given_at bigint,
  PRIMARY KEY (canonical, type)
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX identifier_of_account ON identifier(account_id);

-- Grows with people: read by an index only.
-- The fields of a certificate that are shown. Its fingerprint is also an identifier of the account.
CREATE TABLE account_certificate(
  fingerprint text PRIMARY KEY,
  tenant_id bytea NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  der bytea NOT NULL,
  subject text NOT NULL,
  issuer text NOT NULL,
  serial text NOT NULL,
  not_before bigint NOT NULL,
  not_after bigint NOT NULL,
  created_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX account_certificate_of_account ON account_certificate(account_id);
CREATE INDEX account_certificate_by_end ON account_certificate(not_after);

-- Grows with people: read by an index only.
-- A new address that is not in force until the code that was sent to it comes back. At most one of each type for an
-- account.
CREATE TABLE address_verification(
  account_id bytea NOT NULL REFERENCES account(id),
  type text NOT NULL,
  tenant_id bytea NOT NULL,
  canonical text NOT NULL,
  display text NOT NULL,
  redirect_to_main bigint NOT NULL,
  code_hash bytea NOT NULL,
  tries bigint NOT NULL,
  sent bigint NOT NULL,
  sent_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (account_id, type)
) /* SQLite: WITHOUT ROWID */;

-- Grows with people: read by an index only.
-- Where an account stands in lists, and under which beginnings it is found (docs/decisions/0026-search-by-beginnings.md).
-- kind: word = a term of the search; name, created = the place of an account that is not deleted, in the order of names or
-- of making; suspended, deleted = the accounts of that state. term: octets, so that every collation compares them alike.
CREATE TABLE account_term(
  account_id bytea NOT NULL REFERENCES account(id),
  kind text NOT NULL,
  term bytea NOT NULL,
  tenant_id bytea NOT NULL,
  PRIMARY KEY (account_id, kind, term)
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX account_term_in_order ON account_term(tenant_id, kind, term, account_id);

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
  -- Names of permissions, separated by blanks. An older program gives them all.
  lacks text NOT NULL DEFAULT '',
  -- name_de, name_pl: "" = name. networks: separated by blanks; an older program opens the context everywhere.
  name_de text NOT NULL DEFAULT '',
  name_pl text NOT NULL DEFAULT '',
  networks text NOT NULL DEFAULT '',
  version bigint NOT NULL DEFAULT 1,
  UNIQUE (tenant_id, key)
) /* SQLite: WITHOUT ROWID */;

-- Grows with people: read by an index only.
-- Which accounts may choose a context, from when until when.
CREATE TABLE account_context(
  account_id bytea NOT NULL REFERENCES account(id),
  context_id bytea NOT NULL REFERENCES acting_context(id),
  tenant_id bytea NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint,
  PRIMARY KEY (account_id, context_id)
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX account_context_of_context ON account_context(context_id, account_id);

-- Roles that a tenant has made, beside the built-in ones. permissions: names, separated by blanks.
CREATE TABLE own_role(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  key text NOT NULL,
  name text NOT NULL,
  permissions text NOT NULL,
  version bigint NOT NULL,
  UNIQUE (tenant_id, key)
) /* SQLite: WITHOUT ROWID */;

-- Grows with people: read by an index only.
-- The logins of an account. realm: own, or other for logins through relying parties.
CREATE TABLE login_statistics(
  account_id bytea NOT NULL REFERENCES account(id),
  realm text NOT NULL,
  tenant_id bytea NOT NULL,
  last_success bigint,
  last_success_ip text NOT NULL,
  last_failure bigint,
  failures_since_success bigint NOT NULL,
  -- The success before the last one, and the failures between the two: after a login, the page shows these.
  previous_success bigint,
  failures_before bigint NOT NULL DEFAULT 0,
  last_failure_ip text NOT NULL DEFAULT '',
  PRIMARY KEY (account_id, realm)
) /* SQLite: WITHOUT ROWID */;

-- act, state: words of flow/admin/bulk_act.hpp. target: name of a group or key of a context. session_id,
-- context_id: in which the actor acts. An account has one run that has not ended.
CREATE TABLE bulk_act(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  actor_id bytea NOT NULL REFERENCES account(id),
  session_id bytea NOT NULL,
  context_id bytea NOT NULL,
  act text NOT NULL,
  target text NOT NULL,
  motive text NOT NULL,
  state text NOT NULL,
  created_at bigint NOT NULL,
  finished_at bigint
) /* SQLite: WITHOUT ROWID */;
CREATE UNIQUE INDEX bulk_act_running ON bulk_act(actor_id) WHERE state = 'running';
CREATE INDEX bulk_act_of_session ON bulk_act(session_id) WHERE state = 'running';
CREATE INDEX bulk_act_of_actor ON bulk_act(actor_id, id);

-- Grows with people: read by an index only.
-- One account of a run. outcome: empty while it waits.
CREATE TABLE bulk_item(
  act_id bytea NOT NULL REFERENCES bulk_act(id),
  position bigint NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  outcome text NOT NULL,
  PRIMARY KEY (act_id, position)
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX bulk_item_waiting ON bulk_item(act_id, position) WHERE outcome = '';

-- ---- password -------------------------------------------------------------------------------------------------

-- Grows with people: read by an index only.
-- The credentials of an account. type: password; data: the PHC string, sealed under the master key. must_change: only
-- older programs read it, kind says the same.
CREATE TABLE credential(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  type text NOT NULL,
  data bytea NOT NULL,
  must_change bigint NOT NULL,
  created_at bigint NOT NULL,
  -- kind: initial, temporary or own; not_after: the password ends then, whatever the policy says; reminded_days: days
  -- before the expiry at which the owner was last reminded of it.
  kind text NOT NULL DEFAULT 'own',
  set_at bigint NOT NULL DEFAULT 0,
  not_after bigint,
  reminded_days bigint,
  -- Of the types totp, webauthn and recovery (one row a code), with the data sealed. An older program lets them be: it
  -- reads passwords only, and refuses to replace the master key. label: what the owner calls it; empty: nothing.
  label text NOT NULL DEFAULT '',
  last_used_at bigint,
  -- totp: the last step whose code was accepted; webauthn: the signature counter.
  counter bigint NOT NULL DEFAULT 0,
  -- webauthn: the id that the authenticator gave to the passkey.
  lookup bytea
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX credential_of_account ON credential(account_id);
CREATE UNIQUE INDEX credential_password ON credential(account_id) WHERE type = 'password';
CREATE INDEX credential_reminded ON credential(tenant_id) WHERE reminded_days IS NOT NULL;
CREATE UNIQUE INDEX credential_lookup ON credential(lookup) WHERE lookup IS NOT NULL;

-- Grows with people: read by an index only.
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

-- ---- group ----------------------------------------------------------------------------------------------------

-- Groups of accounts, to which policies are bound.
CREATE TABLE group_(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  name text NOT NULL,
  -- '': as the name.
  display text NOT NULL DEFAULT '',
  UNIQUE (tenant_id, name)
) /* SQLite: WITHOUT ROWID */;

-- Grows with people: read by an index only.
CREATE TABLE group_member(
  account_id bytea NOT NULL REFERENCES account(id),
  group_id bytea NOT NULL REFERENCES group_(id),
  tenant_id bytea NOT NULL,
  PRIMARY KEY (account_id, group_id)
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX group_member_of_group ON group_member(group_id, account_id);

-- ---- proof ----------------------------------------------------------------------------------------------------

-- Grows with proofs: read by an index only.
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

-- Grows with logins: read by an index only.
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
CREATE INDEX failure_count_barred ON failure_count(barrier_at) WHERE account_id IS NOT NULL;

-- Grows with logins: read by an index only.
-- Attempts to log in by network, under a keyed hash. They belong to no tenant. Only older programs write it; later ones
-- count in memory.
CREATE TABLE network_bucket(
  key_hash bytea PRIMARY KEY,
  taken bigint NOT NULL,
  at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX network_bucket_by_time ON network_bucket(at);

-- Grows with logins: read by an index only.
-- Counts of events under a keyed hash, in a window of time that begins with the first one. They belong to no tenant.
CREATE TABLE throttle(
  key_hash bytea PRIMARY KEY,
  window_end bigint NOT NULL,
  hits bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX throttle_by_end ON throttle(window_end);

-- ---- oauth ----------------------------------------------------------------------------------------------------

-- An OAuth client. spec: JSON, all that an administrator edits; version: of the spec.
CREATE TABLE client(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  client_id text NOT NULL UNIQUE,
  spec text NOT NULL,
  created_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  version bigint NOT NULL,
  -- To the hour; null: never, or only by an older program.
  last_used_at bigint
) /* SQLite: WITHOUT ROWID */;

-- Keys that sign tokens, sealed under the master key. state: pending, active, retiring or revoked.
CREATE TABLE signing_key(
  kid text PRIMARY KEY,
  algorithm text NOT NULL,
  sealed_pkcs8 bytea NOT NULL,
  state text NOT NULL,
  created_at bigint NOT NULL,
  -- When the key got its state; 0: before this was kept.
  changed_at bigint NOT NULL DEFAULT 0
) /* SQLite: WITHOUT ROWID */;

-- Grows with logins: read by an index only.
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
  auth_time bigint NOT NULL,
  -- flow: code | device. claims: the parameter of OpenID Connect Core §5.5, as JSON. is_offline: outlives its session, and
  -- is judged by security_stamp, ip and proofs, those of the login. generation: of the refresh token that counts, 0 = there is
  -- none; the one before it counts for a moment after rotated_at. refresh_until: its idle end.
  flow text NOT NULL DEFAULT 'code',
  claims text NOT NULL DEFAULT '',
  is_offline bigint NOT NULL DEFAULT 0,
  security_stamp bigint NOT NULL DEFAULT 0,
  ip text NOT NULL DEFAULT '',
  proofs text NOT NULL DEFAULT '',
  generation bigint NOT NULL DEFAULT 0,
  rotated_at bigint,
  refresh_until bigint
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX grant_family_of_session ON grant_family(session_id);
CREATE INDEX grant_family_by_end ON grant_family(expires_at);
CREATE INDEX grant_family_of_account ON grant_family(account_id);

-- Grows with logins: read by an index only.
-- RFC 8628. secret_hash: SHA-256 of the secret half of the device code. user_code_hash: keyed. state: waiting | allowed |
-- denied | used; the account and the grant come with "allowed". interval_s: seconds between two questions of the device.
CREATE TABLE device_authorization(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL,
  client_id bytea NOT NULL REFERENCES client(id),
  secret_hash bytea NOT NULL,
  user_code_hash bytea NOT NULL,
  scope text NOT NULL,
  resource text NOT NULL,
  state text NOT NULL,
  account_id bytea,
  grant_id bytea,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  interval_s bigint NOT NULL,
  polled_at bigint
) /* SQLite: WITHOUT ROWID */;
CREATE UNIQUE INDEX device_authorization_by_code ON device_authorization(user_code_hash);
CREATE INDEX device_authorization_by_end ON device_authorization(expires_at);
CREATE INDEX device_authorization_of_account ON device_authorization(account_id);

-- Grows with logins: read by an index only.
-- RFC 9126. secret_hash: SHA-256 of the secret half of the request_uri. request: the parameters as a query.
CREATE TABLE pushed_request(
  id bytea PRIMARY KEY,
  client_id bytea NOT NULL REFERENCES client(id),
  secret_hash bytea NOT NULL,
  request text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX pushed_request_by_end ON pushed_request(expires_at);

-- Grows with people: read by an index only.
-- What a person has agreed to that an application learns. items: words, scopes and "claim:NAME".
CREATE TABLE consent(
  account_id bytea NOT NULL REFERENCES account(id),
  client_id bytea NOT NULL REFERENCES client(id),
  tenant_id bytea NOT NULL,
  items text NOT NULL,
  given_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  PRIMARY KEY (account_id, client_id)
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX consent_of_client ON consent(client_id, account_id);

-- Grows with people: read by an index only.
-- OpenID Connect Core §8.1: the subject of a person for all clients of one sector, a host.
CREATE TABLE pairwise_subject(
  sector text NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  subject text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (sector, account_id)
) /* SQLite: WITHOUT ROWID */;
CREATE UNIQUE INDEX pairwise_subject_by_subject ON pairwise_subject(subject);
CREATE INDEX pairwise_subject_of_account ON pairwise_subject(account_id);

-- A system whose resources are protected by access tokens (S4.20). identifier: the audience. client_id: the client as
-- which it asks. spec: names, scopes, permissions and roles with their rules, as JSON.
CREATE TABLE resource_server(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  identifier text NOT NULL UNIQUE,
  client_id bytea,
  spec text NOT NULL,
  version bigint NOT NULL,
  created_at bigint NOT NULL,
  changed_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX resource_server_of_client ON resource_server(client_id);
CREATE INDEX resource_server_of_tenant ON resource_server(tenant_id, id);

-- Grows with people: read by an index only.
-- Tokens that this server gives out for its own endpoints. kind: initial (RFC 7591 §3) | personal, of account_id.
-- secret_hash: SHA-256 of the secret half. uses_left: null = any number. created_by: empty = a command.
CREATE TABLE api_token(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  kind text NOT NULL,
  secret_hash bytea NOT NULL,
  name text NOT NULL,
  account_id bytea,
  scopes text NOT NULL,
  uses_left bigint,
  created_at bigint NOT NULL,
  created_by bytea,
  expires_at bigint,
  last_used_at bigint,
  revoked_at bigint
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX api_token_of_account ON api_token(account_id, id);
CREATE INDEX api_token_of_tenant ON api_token(tenant_id, created_at, id);

-- Grows with logins: read by an index only.
-- RFC 7009: access tokens that were revoked before their end, by the random octets of their jti.
CREATE TABLE revoked_token(
  jti bytea PRIMARY KEY,
  expires_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX revoked_token_by_end ON revoked_token(expires_at);

-- ---- session --------------------------------------------------------------------------------------------------

-- Grows with logins: read by an index only.
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
  user_agent text NOT NULL,
  -- Whether only the change of the password is possible in the session: no, or the reason.
  must_change text NOT NULL DEFAULT 'no',
  -- When the password was last given once more in this session.
  proven_at bigint,
  -- The known device in which the session is open. An older program names none, and a device can be forgotten.
  device_id bytea,
  -- Another account, in whose context the holder of the session acts until a time; NULL: none. An older program does not
  -- read them: there the holder acts in the own context.
  acting_account bytea,
  acting_context bytea,
  acting_until bigint,
  -- What was proven, by the names of rights/proofs.cpp in the order of the proofs. It counts only if `amr` is what these
  -- give, because an older program writes amr alone.
  proofs text NOT NULL DEFAULT ''
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX session_by_end ON session(ends_at);
CREATE INDEX session_of_account ON session(account_id, last_seen, id);

-- Grows with logins: read by an index only.
-- The clients that a session has logged in to. sid: the claim of this name towards the client.
CREATE TABLE session_client(
  session_id bytea NOT NULL REFERENCES session(id) ON UPDATE CASCADE ON DELETE CASCADE,
  client_id bytea NOT NULL REFERENCES client(id),
  tenant_id bytea NOT NULL,
  sid text NOT NULL,
  PRIMARY KEY (session_id, client_id)
) /* SQLite: WITHOUT ROWID */;
CREATE UNIQUE INDEX session_client_by_sid ON session_client(sid, client_id);
CREATE INDEX session_client_of_client ON session_client(client_id, session_id);

-- Grows with logins: read by an index only.
-- Browsers from which a login to the account has succeeded (docs/decisions/0006-known-devices.md).
CREATE TABLE device(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  secret_hash bytea NOT NULL,
  user_agent text NOT NULL,
  created_at bigint NOT NULL,
  last_seen bigint NOT NULL,
  -- What the owner calls it; empty: nothing.
  name text NOT NULL DEFAULT '',
  -- Until when a device needs no first or no second step; trusted_stamp: the security stamp of the account at that time,
  -- another one ends both.
  first_step_until bigint,
  second_step_until bigint,
  trusted_stamp bigint NOT NULL DEFAULT 0
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX device_of_account ON device(account_id, last_seen);
CREATE INDEX device_by_use ON device(last_seen);

-- Grows with logins: read by an index only.
-- The code that was sent for the second step of a login, at most one for a session. method: sms or email; code_hash:
-- keyed, with the session, the account and the address, empty once the code is used or dead; message_id: the item of
-- the outbox that carries it.
CREATE TABLE login_code(
  session_id bytea PRIMARY KEY REFERENCES session(id) ON UPDATE CASCADE ON DELETE CASCADE,
  tenant_id bytea NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  method text NOT NULL,
  code_hash bytea NOT NULL,
  message_id bytea NOT NULL,
  sent_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  tries bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX login_code_of_account ON login_code(account_id);

-- Grows with people: read by an index only.
-- When a login of an account was first asked for a factor that the account does not have: the beginning of the time in
-- which it may still do without.
CREATE TABLE factor_grace(
  account_id bytea PRIMARY KEY REFERENCES account(id),
  tenant_id bytea NOT NULL,
  since bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- ---- certificate ----------------------------------------------------------------------------------------------

-- kind: root | issuing. state: active (issues) | retiring (issues no more; its certificates count) | revoked. tenant_id:
-- empty = of the installation. parent_id: of an issuing one its root. number: of the newest list; base_number: of the
-- complete list since which the delta list tells changes. changed_at: newest revocation that no list shows yet.
CREATE TABLE certificate_authority(
  id bytea PRIMARY KEY,
  tenant_id bytea,
  parent_id bytea,
  kind text NOT NULL,
  state text NOT NULL,
  key_kind text NOT NULL,
  subject text NOT NULL,
  sha256 text NOT NULL,
  der bytea NOT NULL,
  sealed_pkcs8 bytea NOT NULL,
  not_before bigint NOT NULL,
  not_after bigint NOT NULL,
  number bigint NOT NULL,
  base_number bigint NOT NULL,
  base_at bigint NOT NULL,
  listed_at bigint NOT NULL,
  changed_at bigint,
  created_at bigint NOT NULL,
  revoked_at bigint,
  reason text NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE UNIQUE INDEX certificate_authority_sha256 ON certificate_authority(sha256);
CREATE INDEX certificate_authority_tenant ON certificate_authority(tenant_id, kind, created_at);
CREATE INDEX certificate_authority_changed ON certificate_authority(changed_at) WHERE changed_at IS NOT NULL;

-- Grows with people: read by an index only.
-- sha256: fingerprint in lower-case hexadecimal. serial: lower-case hexadecimal of 128 bits. account_id, client_system:
-- whose it is, as far as it is somebody's. Rows are deleted some time after not_after.
CREATE TABLE issued_certificate(
  sha256 text PRIMARY KEY,
  authority_id bytea NOT NULL,
  serial text NOT NULL,
  profile text NOT NULL,
  tenant_id bytea NOT NULL,
  account_id bytea,
  client_system text NOT NULL,
  subject text NOT NULL,
  der bytea NOT NULL,
  issued_at bigint NOT NULL,
  issued_by bytea,
  not_before bigint NOT NULL,
  not_after bigint NOT NULL,
  revoked_at bigint,
  revoked_by bytea,
  reason text NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE UNIQUE INDEX issued_certificate_serial ON issued_certificate(serial);
CREATE INDEX issued_certificate_revoked ON issued_certificate(authority_id, revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX issued_certificate_tenant ON issued_certificate(tenant_id, issued_at);
CREATE INDEX issued_certificate_account ON issued_certificate(account_id, issued_at) WHERE account_id IS NOT NULL;
CREATE INDEX issued_certificate_end ON issued_certificate(not_after);

-- The newest lists of each authority. kind: complete | delta.
CREATE TABLE certificate_list(
  authority_id bytea NOT NULL,
  kind text NOT NULL,
  number bigint NOT NULL,
  der bytea NOT NULL,
  this_update bigint NOT NULL,
  next_update bigint NOT NULL,
  PRIMARY KEY(authority_id, kind)
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX certificate_list_end ON certificate_list(next_update);

-- The certificate with which answers of OCSP are signed, one for each authority; replaced before it ends.
CREATE TABLE ocsp_responder(
  authority_id bytea PRIMARY KEY,
  sha256 text NOT NULL,
  der bytea NOT NULL,
  sealed_pkcs8 bytea NOT NULL,
  not_after bigint NOT NULL,
  created_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- Certificates of authorities of others. tenant_id: empty = for everybody's people. purpose: client_system |
-- person_login | tls_server | time_stamp. asks: none | crl | ocsp, at url. unreachable: refuse | accept. amr: swk | hwk
-- | sc. matching: fingerprint | pesel | subject_serial.
CREATE TABLE trust_anchor(
  id bytea PRIMARY KEY,
  tenant_id bytea,
  purpose text NOT NULL,
  sha256 text NOT NULL,
  subject text NOT NULL,
  der bytea NOT NULL,
  not_after bigint NOT NULL,
  asks text NOT NULL,
  url text NOT NULL,
  unreachable text NOT NULL,
  amr text NOT NULL,
  matching text NOT NULL,
  created_at bigint NOT NULL,
  created_by bytea
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX trust_anchor_purpose ON trust_anchor(purpose, created_at);
CREATE INDEX trust_anchor_sha256 ON trust_anchor(sha256);

-- What others say about revocation. kind: crl (the anchor's list, key "") | ocsp (key: fingerprint of the certificate).
-- due_at: when it is asked for again. failure: word of the last attempt that failed; "" = it did not.
CREATE TABLE foreign_revocation(
  anchor_id bytea NOT NULL,
  kind text NOT NULL,
  lookup text NOT NULL,
  answer bytea NOT NULL,
  certificate bytea NOT NULL,
  this_update bigint,
  next_update bigint,
  due_at bigint NOT NULL,
  asked_at bigint NOT NULL,
  failure text NOT NULL,
  PRIMARY KEY(anchor_id, kind, lookup)
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX foreign_revocation_due ON foreign_revocation(due_at);

-- ---- timestamp ------------------------------------------------------------------------------------------------

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

-- ---- signing --------------------------------------------------------------------------------------------------

-- Grows with people: read by an index only.
-- account_id: empty = a seal of the organisation. status: requested (no certificate yet) | active | suspended | revoked.
-- activation: password | pin | second_factor | none. backend: software | token; token: its name in the configuration;
-- token_object: CKA_ID. sealed_pkcs8, sealed_pin: key and hash of the PIN of a software key. chain: certificates in DER,
-- one behind the other, the issuer first. sha256: of the certificate, in lower-case hexadecimal. wrong_pins: since the
-- last right one. warned_days: least number of days before the end at which it was told.
CREATE TABLE signing_credential(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL,
  account_id bytea,
  label text NOT NULL,
  status text NOT NULL,
  activation text NOT NULL,
  backend text NOT NULL,
  token text NOT NULL,
  token_object bytea NOT NULL,
  spki bytea NOT NULL,
  sealed_pkcs8 bytea NOT NULL,
  sealed_pin bytea NOT NULL,
  certificate bytea NOT NULL,
  chain bytea NOT NULL,
  sha256 text NOT NULL,
  subject text NOT NULL,
  issuer text NOT NULL,
  is_own_issue bigint NOT NULL,
  not_before bigint,
  not_after bigint,
  uses bigint NOT NULL,
  last_used_at bigint,
  wrong_pins bigint NOT NULL,
  pins_wait_until bigint,
  warned_days bigint,
  version bigint NOT NULL,
  created_at bigint NOT NULL,
  created_by bytea,
  changed_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE UNIQUE INDEX signing_credential_sha256 ON signing_credential(sha256) WHERE sha256 <> '';
CREATE INDEX signing_credential_account ON signing_credential(account_id, created_at, id) WHERE account_id IS NOT NULL;
CREATE INDEX signing_credential_seal ON signing_credential(tenant_id, created_at, id) WHERE account_id IS NULL;
CREATE INDEX signing_credential_tenant ON signing_credential(tenant_id, created_at, id);
CREATE INDEX signing_credential_end ON signing_credential(not_after) WHERE not_after IS NOT NULL;
CREATE INDEX signing_credential_token ON signing_credential(token) WHERE token <> '';

-- Grows with logins: read by an index only.
-- account_id and client_id: whose job it is; both empty = of the operator. credential_id: empty = a key that is not held
-- here. chain: certificates in DER, one behind the other, the issuer first. state: open | done | cancelled. sealed_key:
-- opens the files with the documents, which are never in the database; empty = they are gone. repeat_hash: SHA-256 of
-- the owner and the Idempotency-Key, hexadecimal; '' = none. wish_hash: SHA-256 of all that was asked for. runs_until: somebody signs
-- now.
CREATE TABLE signing_job(
  id bytea PRIMARY KEY,
  number text NOT NULL UNIQUE,
  tenant_id bytea NOT NULL,
  account_id bytea,
  client_id bytea,
  credential_id bytea,
  certificate bytea NOT NULL,
  chain bytea NOT NULL,
  algorithm text NOT NULL,
  format text NOT NULL,
  level text NOT NULL,
  packaging text NOT NULL,
  element text NOT NULL,
  policy text NOT NULL,
  commitment text NOT NULL,
  role text NOT NULL,
  state text NOT NULL,
  sealed_key bytea NOT NULL,
  repeat_hash text NOT NULL,
  wish_hash bytea NOT NULL,
  signing_at bigint NOT NULL,
  runs_until bigint,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE UNIQUE INDEX signing_job_repeat ON signing_job(repeat_hash) WHERE repeat_hash <> '';
CREATE INDEX signing_job_account ON signing_job(account_id, created_at, id) WHERE account_id IS NOT NULL;
CREATE INDEX signing_job_client ON signing_job(client_id, created_at, id) WHERE client_id IS NOT NULL;
CREATE INDEX signing_job_end ON signing_job(expires_at, id);

-- Grows with logins: read by an index only.
-- Documents of a job in the order given, from 0. size: octets; -1 = only the digest was given. digest: by the digest of
-- the job's algorithm. sha256: lower-case hexadecimal; '' = not known. is_kept: the document is in a sealed file. state:
-- waiting | valued (the key was used, the signature is not complete) | done | failed. reason: of a failure, a code.
-- value: of the signature, ECDSA in DER. token: the time stamp, DER.
CREATE TABLE signing_item(
  job_id bytea NOT NULL,
  position bigint NOT NULL,
  name text NOT NULL,
  media_type text NOT NULL,
  size bigint NOT NULL,
  digest bytea NOT NULL,
  sha256 text NOT NULL,
  is_kept bigint NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  value bytea NOT NULL,
  token bytea NOT NULL,
  PRIMARY KEY(job_id, position)
) /* SQLite: WITHOUT ROWID */;

-- ---- validation -----------------------------------------------------------------------------------------------

-- kind: crl (lookup: SHA-256 of the address) | ocsp (lookup: SHA-256 of the certificate), both hexadecimal. answer: "" =
-- the last attempt failed. size: of the answer. At most 1000 rows and 256 MiB.
CREATE TABLE revocation_cache(
  kind text NOT NULL,
  lookup text NOT NULL,
  answer bytea NOT NULL,
  size bigint NOT NULL,
  fetched_at bigint NOT NULL,
  due_at bigint NOT NULL,
  used_at bigint NOT NULL,
  PRIMARY KEY(kind, lookup)
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX revocation_cache_used ON revocation_cache(used_at);

-- secret_hash: SHA-256 of the secret half of the address. sealed_report: JSON. Rows live an hour.
CREATE TABLE validation_report(
  id bytea PRIMARY KEY,
  secret_hash bytea NOT NULL,
  sealed_report bytea NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX validation_report_end ON validation_report(expires_at);

-- ---- system ---------------------------------------------------------------------------------------------------

-- id: exactly as it was typed; upper and lower case are different. The account is of kind client_system and holds the
-- password.
CREATE TABLE client_system(
  id text PRIMARY KEY,
  account_id bytea NOT NULL,
  tenant_id bytea NOT NULL,
  name text NOT NULL,
  created_at bigint NOT NULL,
  created_by bytea,
  version bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE UNIQUE INDEX client_system_of_account ON client_system(account_id);
CREATE INDEX client_system_of_tenant ON client_system(tenant_id, id);

-- sha256: fingerprint in lower-case hexadecimal; a certificate is registered once and never deleted. origin: own |
-- foreign. created_by, revoked_by: empty = a command.
CREATE TABLE client_system_certificate(
  sha256 text PRIMARY KEY,
  system_id text NOT NULL,
  tenant_id bytea NOT NULL,
  der bytea NOT NULL,
  subject text NOT NULL,
  issuer text NOT NULL,
  serial text NOT NULL,
  algorithm text NOT NULL,
  not_before bigint NOT NULL,
  not_after bigint NOT NULL,
  origin text NOT NULL,
  created_at bigint NOT NULL,
  created_by bytea,
  revoked_at bigint,
  revoked_by bytea,
  reason text NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX client_system_certificate_of_system ON client_system_certificate(system_id, created_at);
CREATE INDEX client_system_certificate_of_tenant ON client_system_certificate(tenant_id, created_at);

-- What the connector demands, one row with the id 1; no row: nothing was set. The columns before_… count again from
-- back_at on, unless somebody has confirmed the change before.
CREATE TABLE connector_setting(
  id bigint PRIMARY KEY,
  version bigint NOT NULL,
  tls_only bigint NOT NULL,
  is_mandatory bigint NOT NULL,
  mode text NOT NULL,
  plain_directory bigint NOT NULL,
  changed_at bigint NOT NULL,
  changed_by bytea,
  back_at bigint,
  before_tls_only bigint NOT NULL,
  before_is_mandatory bigint NOT NULL,
  before_mode text NOT NULL,
  before_plain_directory bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- ---- message --------------------------------------------------------------------------------------------------

-- Grows with messages: read by an index only.
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
CREATE INDEX outbox_due ON outbox(state, next_at) WHERE state = 'pending';
CREATE INDEX outbox_due_of_kind ON outbox(state, kind, next_at) WHERE state = 'pending';
-- Messages that were given up and keep their payload for a time.
CREATE INDEX outbox_given_up ON outbox(state, created_at) WHERE state = 'failed' AND length(payload) > 0;
CREATE INDEX outbox_by_state ON outbox(state, created_at, id);
CREATE INDEX outbox_of_tenant ON outbox(tenant_id, state, created_at, id);

-- The limits of the installation, one row with the id 1; no row, or 0: no limit.
CREATE TABLE sms_limit(
  id bigint PRIMARY KEY,
  version bigint NOT NULL,
  per_number bigint NOT NULL,
  per_network bigint NOT NULL,
  window_ms bigint NOT NULL,
  per_day bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- Grows with messages: read by an index only.
-- What was sent to one number or for one network, under a keyed hash. times: 8 octets each, the oldest first. told_at:
-- when a refusal was last recorded as an event.
CREATE TABLE sms_count(
  key_hash bytea PRIMARY KEY,
  times bytea NOT NULL,
  last_at bigint NOT NULL,
  told_at bigint
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX sms_count_by_age ON sms_count(last_at);

-- A row for each purpose of messages: the counts of its latest day in the time zone of the installation.
CREATE TABLE sms_day(
  purpose text PRIMARY KEY,
  day text NOT NULL,
  sent bigint NOT NULL,
  refused bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- What the page changes at a gateway of the configuration. password: sealed; empty: that of the configuration.
CREATE TABLE sms_gateway(
  name text PRIMARY KEY,
  version bigint NOT NULL,
  is_on bigint NOT NULL,
  login text NOT NULL,
  password bytea NOT NULL,
  sender text NOT NULL,
  has_own_sender bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- Grows with messages: read by an index only.
-- A message that a gateway took: key_hash is that of the gateway's name and its identifier of the message.
CREATE TABLE sms_report(
  key_hash bytea PRIMARY KEY,
  item_id bytea NOT NULL,
  gateway text NOT NULL,
  parts bigint NOT NULL,
  sent_at bigint NOT NULL,
  state text NOT NULL,
  reported_at bigint
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX sms_report_of_item ON sms_report(item_id);
CREATE INDEX sms_report_by_age ON sms_report(sent_at);

-- ---- audit ----------------------------------------------------------------------------------------------------

-- Grows with events: read by an index only.
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
  hash bytea NOT NULL,
  -- The typed login, which may be a password in the wrong field, with its own salt. Then personal_digest has 64 octets:
  -- that of personal, and that of typed (docs/decisions/0023-retention-of-personal-parts.md).
  typed text NOT NULL DEFAULT '',
  typed_salt bytea NOT NULL DEFAULT '',
  -- client_id of the relying system that wrote the event; empty: an event of this server. Covered by the hash.
  source text NOT NULL DEFAULT ''
);
-- The events of an account: those about it, and those in which it acted on another account or on none. An event in
-- which an account acts on itself is only in the first index, because most events are of this kind.
CREATE INDEX audit_event_of_subject ON audit_event(subject, seq) WHERE subject IS NOT NULL;
CREATE INDEX audit_event_of_actor ON audit_event(actor, seq)
  WHERE actor IS NOT NULL AND (subject IS NULL OR subject <> actor);
-- Of a type, the newest first: the order of -seq, which no other index has. For the order of seq, PostgreSQL would
-- sometimes read the whole primary key and filter.
CREATE INDEX audit_event_by_type ON audit_event(type, (-seq));
CREATE INDEX audit_event_reported ON audit_event(seq) WHERE source <> '';

-- Grows with events: read by an index only.
-- Grows with events: read by an index only.
-- Events that a relying system has written lately, so that a request that is sent again has one effect. key_hash: of
-- the system and the key by which its request is known again; body_hash: of what it said.
CREATE TABLE event_receipt(
  key_hash bytea PRIMARY KEY,
  body_hash bytea NOT NULL,
  request_id text NOT NULL,
  received_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX event_receipt_by_age ON event_receipt(received_at);

-- The end of the chain, sealed with a key that is not in the database. One row.
CREATE TABLE audit_head(
  id bigint PRIMARY KEY,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  seal bytea NOT NULL
);

-- Grows with people: read by an index only.
-- Accounts whose personal parts in the audit log are hidden from every reader at once and erased in small steps
-- (docs/decisions/0024-erasure-in-steps.md). through: the last event that the erasure covers; subject_done, actor_done:
-- how far the erasure along each of the two indexes of audit_event has come.
CREATE TABLE erasure_due(
  account_id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL,
  through bigint NOT NULL,
  subject_done bigint NOT NULL,
  actor_done bigint NOT NULL,
  created_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- The check of the chain that a person asked for last. One row. state: waiting, running, intact, broken, failed.
-- run_id: of the run that works on it; moved_at: when that was seen last. flaw, first_event, last_event: the first thing
-- that is wrong (empty: none); flaws: how many things are wrong.
CREATE TABLE audit_check(
  id bigint PRIMARY KEY,
  state text NOT NULL,
  run_id bytea,
  asked_by bytea,
  tenant_id bytea NOT NULL,
  asked_at bigint NOT NULL,
  moved_at bigint NOT NULL,
  checked bigint NOT NULL,
  total bigint NOT NULL,
  erased bigint NOT NULL,
  flaws bigint NOT NULL,
  flaw text NOT NULL,
  first_event bigint NOT NULL,
  last_event bigint NOT NULL
);

-- The progress of the erasure by age, one row for each part: typed, addresses. through: the last event that the
-- recorded erasure covers; done: how far it has come.
CREATE TABLE audit_retention(
  part text PRIMARY KEY,
  through bigint NOT NULL,
  done bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
