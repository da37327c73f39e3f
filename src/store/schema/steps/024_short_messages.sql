-- Step 24: limits and counts of short messages, what administrators set at gateways, and what gateways report (S3.7,
-- S3.8). An older program does not read them: it sends as its configuration says, without limits.
-- Oldest compatible step: 1

-- The limits of the installation, one row with the id 1; no row, or 0: no limit.
CREATE TABLE sms_limit(
  id bigint PRIMARY KEY,
  version bigint NOT NULL,
  per_number bigint NOT NULL,
  per_network bigint NOT NULL,
  window_ms bigint NOT NULL,
  per_day bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- What was sent to one number or for one network, under a keyed hash. times: 8 octets each, the oldest first. told_at:
-- when a refusal was last recorded as an event.
CREATE TABLE sms_count(
  key_hash bytea PRIMARY KEY,
  times bytea NOT NULL,
  last_at bigint NOT NULL,
  told_at bigint
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX sms_count_by_age ON sms_count(last_at);

-- A row for each purpose of messages: the counts of its latest day in the time zone of the installation.
CREATE TABLE sms_day(
  purpose text PRIMARY KEY,
  day text NOT NULL,
  sent bigint NOT NULL,
  refused bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- What the page changes at a gateway of the configuration. password: sealed; empty: that of the configuration.
CREATE TABLE sms_gateway(
  name text PRIMARY KEY,
  version bigint NOT NULL,
  is_on bigint NOT NULL,
  login text NOT NULL,
  password bytea NOT NULL,
  sender text NOT NULL,
  has_own_sender bigint NOT NULL
) /* SQLite: WITHOUT ROWID */;

-- A message that a gateway took: key_hash is that of the gateway's name and its identifier of the message.
CREATE TABLE sms_report(
  key_hash bytea PRIMARY KEY,
  item_id bytea NOT NULL,
  gateway text NOT NULL,
  parts bigint NOT NULL,
  sent_at bigint NOT NULL,
  state text NOT NULL,
  reported_at bigint
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX sms_report_of_item ON sms_report(item_id);
CREATE INDEX sms_report_by_age ON sms_report(sent_at);
