-- Step 21: accounts of a state or a kind are counted and found by an index, however few of many they are.
-- Oldest compatible step: 1

CREATE INDEX account_by_state ON account(tenant_id, status, kind);
CREATE INDEX account_locked ON account(tenant_id, locked_until) WHERE locked_until IS NOT NULL;
CREATE INDEX failure_count_barred ON failure_count(barrier_at) WHERE account_id IS NOT NULL;
