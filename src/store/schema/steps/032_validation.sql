-- Step 32: what was fetched to judge signatures, and reports for their download (S4.21). An older program does not read
-- them.
-- Oldest compatible step: 1

-- kind: crl (lookup: SHA-256 of the address) | ocsp (lookup: SHA-256 of the certificate), both hexadecimal. answer: "" =
-- the last attempt failed. size: of the answer. At most 1000 rows and 256 MiB.
CREATE TABLE revocation_cache(
  kind text NOT NULL,
  lookup text NOT NULL,
  answer bytea NOT NULL,
  size bigint NOT NULL,
  fetched_at bigint NOT NULL,
  due_at bigint NOT NULL,
  used_at bigint NOT NULL,
  PRIMARY KEY(kind, lookup)
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX revocation_cache_used ON revocation_cache(used_at);

-- secret_hash: SHA-256 of the secret half of the address. sealed_report: JSON. Rows live an hour.
CREATE TABLE validation_report(
  id bytea PRIMARY KEY,
  secret_hash bytea NOT NULL,
  sealed_report bytea NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX validation_report_end ON validation_report(expires_at);
