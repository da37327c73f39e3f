-- Step 28: refresh tokens, devices, pushed requests, consents, pairwise subjects, resource servers and tokens of the API.
-- An older program issues no refresh tokens and reads none of the new tables.
-- Oldest compatible step: 1

-- flow: code | device. claims: the parameter of OpenID Connect Core §5.5, as JSON. is_offline: outlives its session, and
-- is judged by security_stamp, ip and proofs, those of the login. generation: of the refresh token that counts, 0 = there is
-- none; the one before it counts for a moment after rotated_at. refresh_until: its idle end.
ALTER TABLE grant_family ADD COLUMN flow text NOT NULL DEFAULT 'code';
ALTER TABLE grant_family ADD COLUMN claims text NOT NULL DEFAULT '';
ALTER TABLE grant_family ADD COLUMN is_offline bigint NOT NULL DEFAULT 0;
ALTER TABLE grant_family ADD COLUMN security_stamp bigint NOT NULL DEFAULT 0;
ALTER TABLE grant_family ADD COLUMN ip text NOT NULL DEFAULT '';
ALTER TABLE grant_family ADD COLUMN proofs text NOT NULL DEFAULT '';
ALTER TABLE grant_family ADD COLUMN generation bigint NOT NULL DEFAULT 0;
ALTER TABLE grant_family ADD COLUMN rotated_at bigint;
ALTER TABLE grant_family ADD COLUMN refresh_until bigint;

-- When the key got its state; 0: before this was kept.
ALTER TABLE signing_key ADD COLUMN changed_at bigint NOT NULL DEFAULT 0;

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

-- RFC 7009: access tokens that were revoked before their end, by the random octets of their jti.
CREATE TABLE revoked_token(
  jti bytea PRIMARY KEY,
  expires_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX revoked_token_by_end ON revoked_token(expires_at);
