-- Step 5: indexes, so that growing tables are read by an index only.
-- Oldest compatible step: 1

-- The events of an account: those about it, and those in which it acted on another account or on none. An event in
-- which an account acts on itself is only in the first index, because most events are of this kind.
CREATE INDEX audit_event_of_subject ON audit_event(subject, seq) WHERE subject IS NOT NULL;
CREATE INDEX audit_event_of_actor ON audit_event(actor, seq)
  WHERE actor IS NOT NULL AND (subject IS NULL OR subject <> actor);
-- Of a type, the newest first: the order of -seq, which no other index has. For the order of seq, PostgreSQL would
-- sometimes read the whole primary key and filter.
CREATE INDEX audit_event_by_type ON audit_event(type, (-seq));

-- SQLite has no statistics here and prefers the index of which a statement gives more columns; therefore all of these
-- begin with the same columns.
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox(state, next_at) WHERE state = 'pending';
CREATE INDEX outbox_due_of_kind ON outbox(state, kind, next_at) WHERE state = 'pending';
CREATE INDEX outbox_by_state ON outbox(state, created_at);
CREATE INDEX outbox_of_tenant ON outbox(tenant_id, state, created_at);
-- Messages that were given up and keep their payload for a time.
CREATE INDEX outbox_given_up ON outbox(state, created_at) WHERE state = 'failed' AND length(payload) > 0;

CREATE INDEX throttle_by_end ON throttle(window_end);
CREATE INDEX network_bucket_by_time ON network_bucket(at);
