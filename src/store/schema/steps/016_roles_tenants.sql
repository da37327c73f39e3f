-- Step 16: tenants below others, roles of one's own, and contexts that are tied to networks (S2.4, S4.8).
-- Oldest compatible step: 1

-- key: a stable name for commands and configuration; parent_id: the tenant whose administrators reach this one; locale:
-- the language of those who have not chosen one, "" = that of the installation.
ALTER TABLE tenant ADD COLUMN key text NOT NULL DEFAULT '';
ALTER TABLE tenant ADD COLUMN parent_id bytea REFERENCES tenant(id);
ALTER TABLE tenant ADD COLUMN locale text NOT NULL DEFAULT '';
ALTER TABLE tenant ADD COLUMN version bigint NOT NULL DEFAULT 1;
UPDATE tenant SET key = 'main' WHERE id = (SELECT id FROM tenant ORDER BY id LIMIT 1);
CREATE UNIQUE INDEX tenant_by_key ON tenant(key) WHERE key <> '';

-- Roles that a tenant has made, beside the built-in ones. permissions: names, separated by blanks.
CREATE TABLE own_role(
  id bytea PRIMARY KEY,
  tenant_id bytea NOT NULL REFERENCES tenant(id),
  key text NOT NULL,
  name text NOT NULL,
  permissions text NOT NULL,
  version bigint NOT NULL,
  UNIQUE (tenant_id, key)
) /* SQLite: WITHOUT ROWID */;

-- name_de, name_pl: "" = name. networks: separated by blanks; an older program opens the context everywhere.
ALTER TABLE acting_context ADD COLUMN name_de text NOT NULL DEFAULT '';
ALTER TABLE acting_context ADD COLUMN name_pl text NOT NULL DEFAULT '';
ALTER TABLE acting_context ADD COLUMN networks text NOT NULL DEFAULT '';
ALTER TABLE acting_context ADD COLUMN version bigint NOT NULL DEFAULT 1;

-- The members of a group and the holders of a context are listed in the order of their ids.
DROP INDEX group_member_of_group;
CREATE INDEX group_member_of_group ON group_member(group_id, account_id);
DROP INDEX account_context_of_context;
CREATE INDEX account_context_of_context ON account_context(context_id, account_id);
