-- Step 20: one act of an administrator on many accounts (S4.25).
-- Oldest compatible step: 1

-- act, state: words of flow/admin/bulk_act.hpp. target: name of a group or key of a context. session_id,
-- context_id: in which the actor acts. An account has one run that has not ended.
CREATE TABLE bulk_act(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  actor_id bytea NOT NULL REFERENCES account(id),
  session_id bytea NOT NULL,
  context_id bytea NOT NULL,
  act text NOT NULL,
  target text NOT NULL,
  motive text NOT NULL,
  state text NOT NULL,
  created_at bigint NOT NULL,
  finished_at bigint
) /* SQLite: WITHOUT ROWID */;
CREATE UNIQUE INDEX bulk_act_running ON bulk_act(actor_id) WHERE state = 'running';
CREATE INDEX bulk_act_of_session ON bulk_act(session_id) WHERE state = 'running';
CREATE INDEX bulk_act_of_actor ON bulk_act(actor_id, id);

-- One account of a run. outcome: empty while it waits.
CREATE TABLE bulk_item(
  act_id bytea NOT NULL REFERENCES bulk_act(id),
  position bigint NOT NULL,
  account_id bytea NOT NULL REFERENCES account(id),
  outcome text NOT NULL,
  PRIMARY KEY (act_id, position)
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX bulk_item_waiting ON bulk_item(act_id, position) WHERE outcome = '';
