-- Step 31: when somebody's own data were changed last, for the claim updated_at.
-- An older program does not set it.
-- Oldest compatible step: 1

-- Empty: not since this is kept.
ALTER TABLE account ADD COLUMN changed_at bigint;
