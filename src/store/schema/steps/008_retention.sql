-- Step 8: what was typed as a login stands apart from the network address, so that each can be erased at its age; no
-- text of mail servers is kept.
-- Oldest compatible step: 1

-- What somebody typed as a login, perhaps a password, with a salt of its own. Then personal_digest has 64 octets: that of
-- personal, and that of typed (docs/decisions/0023-retention-of-personal-parts.md).
ALTER TABLE audit_event ADD COLUMN typed text NOT NULL DEFAULT '';
ALTER TABLE audit_event ADD COLUMN typed_salt bytea NOT NULL DEFAULT '';

-- What is erased at an age, one row a part: typed, addresses. through: the last event that the recorded erasure covers;
-- done: how far it has come.
CREATE TABLE audit_retention(
  part text PRIMARY KEY,
  through bigint NOT NULL,
  done bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- Earlier programs kept the answers of mail servers here, which often name the person.
UPDATE outbox SET last_error = '' WHERE last_error <> '';
