-- Step 17: the language of the first login.
-- Oldest compatible step: 1

-- Of the page of the first login, for messages to whoever has not chosen a language: "en", "de", "pl"; empty: none yet.
ALTER TABLE account ADD COLUMN first_language text NOT NULL DEFAULT '';
