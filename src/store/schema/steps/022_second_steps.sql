-- Step 22: the second step of a login.
-- Oldest compatible step: 1

-- What was proven, by the names of rights/proofs.cpp in the order of the proofs. It counts only if `amr` is what these
-- give, because an older program writes amr alone.
ALTER TABLE session ADD COLUMN proofs text NOT NULL DEFAULT '';

-- The code that was sent for the second step of a login, at most one for a session. method: sms or email; code_hash:
-- keyed, with the session, the account and the address, empty once the code is used or dead; message_id: the item of
-- the outbox that carries it.
CREATE TABLE login_code(
  session_id bytea PRIMARY KEY REFERENCES session(id) ON UPDATE CASCADE ON DELETE CASCADE,
  tenant_id bytea NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  method text NOT NULL,
  code_hash bytea NOT NULL,
  message_id bytea NOT NULL,
  sent_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  tries bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX login_code_of_account ON login_code(account_id);

-- Until when a device needs no first or no second step; trusted_stamp: the security stamp of the account at that time,
-- another one ends both.
ALTER TABLE device ADD COLUMN first_step_until bigint;
ALTER TABLE device ADD COLUMN second_step_until bigint;
ALTER TABLE device ADD COLUMN trusted_stamp bigint NOT NULL DEFAULT 0;

-- When a login of an account was first asked for a factor that the account does not have: the beginning of the time in
-- which it may still do without.
CREATE TABLE factor_grace(
  account_id bytea PRIMARY KEY REFERENCES account(id),
  tenant_id bytea NOT NULL,
  since bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
