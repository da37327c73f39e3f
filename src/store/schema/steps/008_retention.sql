-- Step 8: the typed login is stored separately from the network address, so that each can be erased at its age; no text
-- of mail servers is kept.
-- Oldest compatible step: 1

-- The typed login, which may be a password in the wrong field, with its own salt. Then personal_digest has 64 octets:
-- that of personal, and that of typed (docs/decisions/0023-retention-of-personal-parts.md).
ALTER TABLE audit_event ADD COLUMN typed text NOT NULL DEFAULT '';
ALTER TABLE audit_event ADD COLUMN typed_salt bytea NOT NULL DEFAULT '';

-- The progress of the erasure by age, one row for each part: typed, addresses. through: the last event that the
-- recorded erasure covers; done: how far it has come.
CREATE TABLE audit_retention(
  part text PRIMARY KEY,
  through bigint NOT NULL,
  done bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- Earlier programs kept the answers of mail servers here, which often name the person.
UPDATE outbox SET last_error = '' WHERE last_error <> '';
