-- Step 25: the own authority, what it has issued, and authorities of others that are trusted (S1.3, S4.4). An older
-- program does not read them and issues nothing.
-- Oldest compatible step: 1

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
