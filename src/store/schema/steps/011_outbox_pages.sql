-- Step 11: pages of the outbox begin behind a message.
-- Oldest compatible step: 1

DROP INDEX outbox_by_state;
CREATE INDEX outbox_by_state ON outbox(state, created_at, id);
DROP INDEX outbox_of_tenant;
CREATE INDEX outbox_of_tenant ON outbox(tenant_id, state, created_at, id);
