-- Step 15: accounts of organisations, and addresses that an administrator has entered.
-- Oldest compatible step: 1

-- Name of a legal person or a system, or where a person works; empty: none.
ALTER TABLE account ADD COLUMN organisation text NOT NULL DEFAULT '';
-- When an administrator entered an address, which is in force before its owner has confirmed it (verified_at).
ALTER TABLE identifier ADD COLUMN given_at bigint;
