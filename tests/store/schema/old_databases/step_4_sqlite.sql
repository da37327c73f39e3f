-- What the program of step 4 had written, as `sqlite3 FILE .dump` gives it, with the mark of the file.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
PRAGMA application_id=1128809305;
CREATE TABLE schema_migration(step INTEGER PRIMARY KEY, applied_at bigint NOT NULL, program bigint NOT NULL, oldest_compatible bigint NOT NULL);
INSERT INTO schema_migration VALUES(1,1795822519597,4,1);
INSERT INTO schema_migration VALUES(2,1795822519604,4,2);
INSERT INTO schema_migration VALUES(3,1795822519605,4,1);
INSERT INTO schema_migration VALUES(4,1795822519606,4,1);
CREATE TABLE installation_mark(
  name text PRIMARY KEY,
  value text NOT NULL
) WITHOUT ROWID;
INSERT INTO installation_mark VALUES('installation_id','01a21f5d-052d-7e99-9cc8-e0cc4b2fdcc1');
INSERT INTO installation_mark VALUES('master_key_check','AfllyWedsjg3mmuGkGYgWUuyBEXbLnxdu752qD8HoMN2vSo5yQ');
CREATE TABLE tenant(
  id bytea PRIMARY KEY,
  name text NOT NULL,
  settings text NOT NULL
) WITHOUT ROWID;
INSERT INTO tenant VALUES(X'01a21f5d052d7f659c63a044662e9c03','Chancery','{}');
CREATE TABLE person(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  given text NOT NULL,
  family text NOT NULL
) WITHOUT ROWID;
INSERT INTO person VALUES(X'01a3185c50007ab69485ea7d68e6d4c9',X'01a21f5d052d7f659c63a044662e9c03','Anna','Kowalska');
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
, policy_version_ok text NOT NULL DEFAULT '', preferred_channel text NOT NULL DEFAULT '', main_account_id bytea REFERENCES account(id)) WITHOUT ROWID;
INSERT INTO account VALUES(X'01a3185c500078fe91b1220da145aee1',X'01a21f5d052d7f659c63a044662e9c03',X'01a3185c50007ab69485ea7d68e6d4c9','employee',0,'active',NULL,NULL,'',0,0,NULL,1800000000000,0,'','',NULL);
CREATE TABLE identifier(
  canonical text NOT NULL,
  type text NOT NULL,
  tenant_id bytea NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  display text NOT NULL,
  verified_at bigint,
  may_login bigint NOT NULL,
  valid_until bigint,
  created_at bigint NOT NULL, redirect_to_main bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (canonical, type)
) WITHOUT ROWID;
INSERT INTO identifier VALUES('anna','login',X'01a21f5d052d7f659c63a044662e9c03',X'01a3185c500078fe91b1220da145aee1','anna',1800000000000,1,NULL,1800000000000,0);
CREATE TABLE credential(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  type text NOT NULL,
  data bytea NOT NULL,
  must_change bigint NOT NULL,
  created_at bigint NOT NULL
, kind text NOT NULL DEFAULT 'own', set_at bigint NOT NULL DEFAULT 0, not_after bigint, reminded_days bigint) WITHOUT ROWID;
INSERT INTO credential VALUES(X'01a3185c50007e4d91a031a426bef005',X'01a21f5d052d7f659c63a044662e9c03',X'01a3185c500078fe91b1220da145aee1','password',X'01f9755352519f290dbc3cc19aa7187719c5a0618296fbffaada90afc06d7701ea3fd3e502dfc52318c48ff71882ce967a4d',0,1800000000000,'own',1800000000000,NULL,NULL);
CREATE TABLE acting_context(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  key text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  methods text NOT NULL,
  level bigint NOT NULL,
  UNIQUE (tenant_id, key)
) WITHOUT ROWID;
CREATE TABLE account_context(
  account_id bytea NOT NULL REFERENCES account(id),
  context_id bytea NOT NULL REFERENCES acting_context(id),
  tenant_id bytea NOT NULL,
  from_at bigint NOT NULL,
  until_at bigint,
  PRIMARY KEY (account_id, context_id)
) WITHOUT ROWID;
CREATE TABLE login_statistics(
  account_id bytea NOT NULL REFERENCES account(id),
  realm text NOT NULL,
  tenant_id bytea NOT NULL,
  last_success bigint,
  last_success_ip text NOT NULL,
  last_failure bigint,
  failures_since_success bigint NOT NULL, previous_success bigint, failures_before bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, realm)
) WITHOUT ROWID;
CREATE TABLE throttle(
  key_hash bytea PRIMARY KEY,
  window_end bigint NOT NULL,
  hits bigint NOT NULL
) WITHOUT ROWID;
CREATE TABLE client(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  client_id text NOT NULL UNIQUE,
  spec text NOT NULL,
  created_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  version bigint NOT NULL
) WITHOUT ROWID;
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
, must_change text NOT NULL DEFAULT 'no', proven_at bigint) WITHOUT ROWID;
CREATE TABLE session_client(
  session_id bytea NOT NULL REFERENCES session(id) ON UPDATE CASCADE ON DELETE CASCADE,
  client_id bytea NOT NULL REFERENCES client(id),
  tenant_id bytea NOT NULL,
  sid text NOT NULL,
  PRIMARY KEY (session_id, client_id)
) WITHOUT ROWID;
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
) WITHOUT ROWID;
CREATE TABLE signing_key(
  kid text PRIMARY KEY,
  algorithm text NOT NULL,
  sealed_pkcs8 bytea NOT NULL,
  state text NOT NULL,
  created_at bigint NOT NULL
) WITHOUT ROWID;
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
) WITHOUT ROWID;
CREATE TABLE audit_event(
  seq INTEGER PRIMARY KEY,
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
INSERT INTO audit_event VALUES(1,1800000000000,X'01a21f5d052d7f659c63a044662e9c03','login','success',X'01a3185c500078fe91b1220da145aee1',NULL,X'01a3185c500078fe91b1220da145aee1','',NULL,'r-1','','{"method":"password"}',X'21c2e49cbb1c1d6973d8e58f2ebbadafab03fbf2e10d5719f66a5a0fe3a55c3d',X'76617c0090dc6fb2a299cb002824f9b9','{"ip":"192.0.2.7"}',X'0000000000000000000000000000000000000000000000000000000000000000',X'384dcca09ac4df4e1f77270865f69bcd18f580ec81eb7d45fc1cce74aa3591d9');
CREATE TABLE audit_head(
  id INTEGER PRIMARY KEY,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  seal bytea NOT NULL
);
INSERT INTO audit_head VALUES(1,1,X'384dcca09ac4df4e1f77270865f69bcd18f580ec81eb7d45fc1cce74aa3591d9',X'9f9e38fc9c4ee491da8d0cc5592f5927f1e106303c79e488460cdf8271914f1c');
CREATE TABLE policy(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  kind text NOT NULL,
  name text NOT NULL,
  spec text NOT NULL,
  version bigint NOT NULL,
  changed_at bigint NOT NULL,
  UNIQUE (tenant_id, kind, name)
) WITHOUT ROWID;
CREATE TABLE policy_binding(
  scope text NOT NULL,
  scope_id bytea NOT NULL,
  policy_id bytea NOT NULL REFERENCES policy(id),
  tenant_id bytea NOT NULL,
  PRIMARY KEY (scope, scope_id, policy_id)
) WITHOUT ROWID;
CREATE TABLE group_(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  name text NOT NULL,
  UNIQUE (tenant_id, name)
) WITHOUT ROWID;
CREATE TABLE group_member(
  account_id bytea NOT NULL REFERENCES account(id),
  group_id bytea NOT NULL REFERENCES group_(id),
  tenant_id bytea NOT NULL,
  PRIMARY KEY (account_id, group_id)
) WITHOUT ROWID;
CREATE TABLE password_history(
  account_id bytea NOT NULL REFERENCES account(id),
  digest bytea NOT NULL,
  tenant_id bytea NOT NULL,
  cost text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, digest)
) WITHOUT ROWID;
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
) WITHOUT ROWID;
CREATE TABLE person_identifier(
  canonical text NOT NULL,
  type text NOT NULL,
  tenant_id bytea NOT NULL,
  person_id bytea NOT NULL REFERENCES person(id),
  display text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (canonical, type)
) WITHOUT ROWID;
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
) WITHOUT ROWID;
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
) WITHOUT ROWID;
CREATE TABLE device(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  secret_hash bytea NOT NULL,
  user_agent text NOT NULL,
  created_at bigint NOT NULL,
  last_seen bigint NOT NULL
) WITHOUT ROWID;
CREATE TABLE failure_count(
  key_hash bytea PRIMARY KEY,
  account_id bytea REFERENCES account(id),
  failures bigint NOT NULL,
  last_at bigint NOT NULL,
  barrier_at bigint NOT NULL
) WITHOUT ROWID;
CREATE TABLE network_bucket(
  key_hash bytea PRIMARY KEY,
  taken bigint NOT NULL,
  at bigint NOT NULL
) WITHOUT ROWID;
CREATE INDEX identifier_of_account ON identifier(account_id);
CREATE INDEX credential_of_account ON credential(account_id);
CREATE UNIQUE INDEX credential_password ON credential(account_id) WHERE type = 'password';
CREATE INDEX session_of_account ON session(account_id);
CREATE INDEX session_by_end ON session(ends_at);
CREATE UNIQUE INDEX session_client_by_sid ON session_client(sid, client_id);
CREATE INDEX grant_family_of_session ON grant_family(session_id);
CREATE INDEX grant_family_by_end ON grant_family(expires_at);
CREATE INDEX outbox_due ON outbox(next_at) WHERE state = 'pending';
CREATE INDEX group_member_of_group ON group_member(group_id);
CREATE INDEX one_time_token_of_account ON one_time_token(account_id, purpose);
CREATE INDEX one_time_token_by_end ON one_time_token(expires_at);
CREATE INDEX account_of_main ON account(main_account_id);
CREATE UNIQUE INDEX account_of_person ON account(person_id, kind) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX person_identifier_of_person ON person_identifier(person_id, type);
CREATE INDEX account_certificate_of_account ON account_certificate(account_id);
CREATE INDEX device_of_account ON device(account_id, last_seen);
CREATE INDEX device_by_use ON device(last_seen);
CREATE INDEX failure_count_of_account ON failure_count(account_id) WHERE account_id IS NOT NULL;
CREATE INDEX failure_count_by_time ON failure_count(last_at);
CREATE INDEX grant_family_of_account ON grant_family(account_id);
CREATE INDEX account_context_of_context ON account_context(context_id);
COMMIT;
