-- Step 12: devices have names of their own, and a session tells in which device it is open.
-- Oldest compatible step: 1

-- What the owner calls it; empty: nothing.
ALTER TABLE device ADD COLUMN name text NOT NULL DEFAULT '';
-- The known device in which the session is open. An older program names none, and a device can be forgotten.
ALTER TABLE session ADD COLUMN device_id bytea;

-- Pages of sessions are in the order of their last use.
DROP INDEX session_of_account;
CREATE INDEX session_of_account ON session(account_id, last_seen, id);
