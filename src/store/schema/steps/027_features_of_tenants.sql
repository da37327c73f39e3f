-- Step 27: features that are switched on for each tenant (S1.10). An older program does not read them: there every
-- feature that it has is on.
-- Oldest compatible step: 1

-- state: off | ordered | on; a tenant without a row is as the one above it. since: when it got the state; changed_by:
-- empty = a command; is_seen: whether somebody has opened the feature since it was switched on.
CREATE TABLE tenant_feature(
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  feature text NOT NULL,
  state text NOT NULL,
  since bigint NOT NULL,
  changed_by bytea,
  is_seen bigint NOT NULL,
  PRIMARY KEY (tenant_id, feature)
) /* SQLite: WITHOUT ROWID */;
