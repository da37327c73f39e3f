-- Step 18: passwords and certificates that end soon, counted by an index.
-- Oldest compatible step: 1

CREATE INDEX credential_reminded ON credential(tenant_id) WHERE reminded_days IS NOT NULL;
CREATE INDEX account_certificate_by_end ON account_certificate(not_after);
