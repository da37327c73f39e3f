-- Step 13: relying systems write events into the audit log, and a check of its chain runs in the background.
-- Oldest compatible step: 1

-- client_id of the relying system that wrote the event; empty: an event of this server. Covered by the hash.
ALTER TABLE audit_event ADD COLUMN source text NOT NULL DEFAULT '';
CREATE INDEX audit_event_reported ON audit_event(seq) WHERE source <> '';

-- Grows with events: read by an index only.
-- Events that a relying system has written lately, so that a request that is sent again has one effect. key_hash: of
-- the system and the key by which its request is known again; body_hash: of what it said.
CREATE TABLE event_receipt(
  key_hash bytea PRIMARY KEY,
  body_hash bytea NOT NULL,
  request_id text NOT NULL,
  received_at bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX event_receipt_by_age ON event_receipt(received_at);

-- The check of the chain that a person asked for last. One row. state: waiting, running, intact, broken, failed.
-- run_id: of the run that works on it; moved_at: when that was seen last. flaw, first_event, last_event: the first thing
-- that is wrong (empty: none); flaws: how many things are wrong.
CREATE TABLE audit_check(
  id bigint PRIMARY KEY,
  state text NOT NULL,
  run_id bytea,
  asked_by bytea,
  tenant_id bytea NOT NULL,
  asked_at bigint NOT NULL,
  moved_at bigint NOT NULL,
  checked bigint NOT NULL,
  total bigint NOT NULL,
  erased bigint NOT NULL,
  flaws bigint NOT NULL,
  flaw text NOT NULL,
  first_event bigint NOT NULL,
  last_event bigint NOT NULL
);
