-- Step 9: an acting context may lack permissions that its role has (S4.28).
-- Oldest compatible step: 1

-- Names of permissions, separated by blanks. An older program gives them all.
ALTER TABLE acting_context ADD COLUMN lacks text NOT NULL DEFAULT '';
