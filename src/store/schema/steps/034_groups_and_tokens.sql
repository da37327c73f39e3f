-- Step 34: a group's name as it was typed, beside the folded one by which it is found; which tokens people's keys are on.
-- An older program does not set the name, so that it counts only while it folds to the other one.
-- Oldest compatible step: 1

-- '': as the name.
ALTER TABLE group_ ADD COLUMN display text NOT NULL DEFAULT '';

CREATE INDEX signing_credential_token ON signing_credential(token) WHERE token <> '';
