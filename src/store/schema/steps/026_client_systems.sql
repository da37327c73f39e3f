-- Step 26: client systems (S1.2, S1.3), their access certificates, and what the connector demands of them. An older
-- program does not read them and has no connector.
-- Oldest compatible step: 1

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
