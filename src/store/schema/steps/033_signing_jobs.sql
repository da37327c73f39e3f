-- Step 33: jobs that sign documents (S4.22). An older program does not read them.
-- Oldest compatible step: 1

-- account_id and client_id: whose job it is; both empty = of the operator. credential_id: empty = a key that is not held
-- here. chain: certificates in DER, one behind the other, the issuer first. state: open | done | cancelled. sealed_key:
-- opens the files with the documents, which are never in the database; empty = they are gone. repeat_hash: SHA-256 of
-- the owner and the Idempotency-Key, hexadecimal; '' = none. wish_hash: SHA-256 of all that was asked for. runs_until: somebody signs
-- now.
CREATE TABLE signing_job(
  id bytea PRIMARY KEY,
  number text NOT NULL UNIQUE,
  tenant_id bytea NOT NULL,
  account_id bytea,
  client_id bytea,
  credential_id bytea,
  certificate bytea NOT NULL,
  chain bytea NOT NULL,
  algorithm text NOT NULL,
  format text NOT NULL,
  level text NOT NULL,
  packaging text NOT NULL,
  element text NOT NULL,
  policy text NOT NULL,
  commitment text NOT NULL,
  role text NOT NULL,
  state text NOT NULL,
  sealed_key bytea NOT NULL,
  repeat_hash text NOT NULL,
  wish_hash bytea NOT NULL,
  signing_at bigint NOT NULL,
  runs_until bigint,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE UNIQUE INDEX signing_job_repeat ON signing_job(repeat_hash) WHERE repeat_hash <> '';
CREATE INDEX signing_job_account ON signing_job(account_id, created_at, id) WHERE account_id IS NOT NULL;
CREATE INDEX signing_job_client ON signing_job(client_id, created_at, id) WHERE client_id IS NOT NULL;
CREATE INDEX signing_job_end ON signing_job(expires_at, id);

-- Documents of a job in the order given, from 0. size: octets; -1 = only the digest was given. digest: by the digest of
-- the job's algorithm. sha256: lower-case hexadecimal; '' = not known. is_kept: the document is in a sealed file. state:
-- waiting | valued (the key was used, the signature is not complete) | done | failed. reason: of a failure, a code.
-- value: of the signature, ECDSA in DER. token: the time stamp, DER.
CREATE TABLE signing_item(
  job_id bytea NOT NULL,
  position bigint NOT NULL,
  name text NOT NULL,
  media_type text NOT NULL,
  size bigint NOT NULL,
  digest bytea NOT NULL,
  sha256 text NOT NULL,
  is_kept bigint NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  value bytea NOT NULL,
  token bytea NOT NULL,
  PRIMARY KEY(job_id, position)
) /* SQLite: WITHOUT ROWID */;
