-- Step 19: the holder of a session acts for another person.
-- Oldest compatible step: 1

-- Another account, in whose context the holder of the session acts until a time; NULL: none. An older program does not
-- read them: there the holder acts in the own context.
ALTER TABLE session ADD COLUMN acting_account bytea;
ALTER TABLE session ADD COLUMN acting_context bytea;
ALTER TABLE session ADD COLUMN acting_until bigint;
