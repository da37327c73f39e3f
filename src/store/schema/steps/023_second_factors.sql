-- Step 23: authenticator apps, passkeys and recovery codes stand beside the password.
-- Oldest compatible step: 1

-- Of the types totp, webauthn and recovery (one row a code), with the data sealed. An older program lets them be: it
-- reads passwords only, and refuses to replace the master key. label: what the owner calls it; empty: nothing.
ALTER TABLE credential ADD COLUMN label text NOT NULL DEFAULT '';
ALTER TABLE credential ADD COLUMN last_used_at bigint;
-- totp: the last step whose code was accepted; webauthn: the signature counter.
ALTER TABLE credential ADD COLUMN counter bigint NOT NULL DEFAULT 0;
-- webauthn: the id that the authenticator gave to the passkey.
ALTER TABLE credential ADD COLUMN lookup bytea;
CREATE UNIQUE INDEX credential_lookup ON credential(lookup) WHERE lookup IS NOT NULL;

-- The owner's own wish to be asked for a second factor at every login.
ALTER TABLE account ADD COLUMN always_second_factor bigint NOT NULL DEFAULT 0;
