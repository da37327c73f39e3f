-- Step 3: channels, identifiers of persons, certificates, main and sub accounts, the renewed proof.
-- Oldest compatible step: 1

-- When the password was last given once more in this session.
ALTER TABLE session ADD COLUMN proven_at bigint;

ALTER TABLE account ADD COLUMN preferred_channel text NOT NULL DEFAULT '';
-- The main account of a sub account; null for others.
ALTER TABLE account ADD COLUMN main_account_id bytea REFERENCES account(id);
CREATE INDEX account_of_main ON account(main_account_id);

-- Of an e-mail address: messages to it go to the main account (S2.5).
ALTER TABLE identifier ADD COLUMN redirect_to_main bigint NOT NULL DEFAULT 0;

-- A person may have an employee and a recipient account, but not two of one kind (S4.14).
CREATE UNIQUE INDEX account_of_person ON account(person_id, kind) WHERE person_id IS NOT NULL;

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
