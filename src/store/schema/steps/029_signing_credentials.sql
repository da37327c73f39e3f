-- Step 29: keys that sign documents, with their certificates (S4.22). An older program does not read them.
-- Oldest compatible step: 1

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
