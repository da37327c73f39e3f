-- Step 6: erasures of personal parts that are due.
-- Oldest compatible step: 1

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
