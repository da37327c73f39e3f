-- Step 35: the main accounts of an organisation, who are told of what is switched on for it.
-- Oldest compatible step: 1

CREATE INDEX account_main ON account(tenant_id, status) WHERE is_main = 1;
