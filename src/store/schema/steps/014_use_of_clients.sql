-- Step 14: when a client was last used, and by how many sessions.
-- Oldest compatible step: 1

-- To the hour; null: never, or only by an older program.
ALTER TABLE client ADD COLUMN last_used_at bigint;
CREATE INDEX session_client_of_client ON session_client(client_id, session_id);
