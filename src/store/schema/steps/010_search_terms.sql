-- Step 10: accounts are found by beginnings of words and listed in an order, by one table.
-- Oldest compatible step: 1

-- Where an account stands in lists, and under which beginnings it is found (docs/decisions/0026-search-by-beginnings.md).
-- kind: word = a term of the search; name, created = the place of an account that is not deleted, in the order of names or
-- of making; suspended, deleted = the accounts of that state. term: octets, so that every collation compares them alike.
CREATE TABLE account_term(
  account_id bytea NOT NULL REFERENCES account(id),
  kind text NOT NULL,
  term bytea NOT NULL,
  tenant_id bytea NOT NULL,
  PRIMARY KEY (account_id, kind, term)
) /* SQLite: WITHOUT ROWID */;
CREATE INDEX account_term_in_order ON account_term(tenant_id, kind, term, account_id);

-- Accounts of an earlier program have no terms yet: that they are due is noted, with the last account that was done.
INSERT INTO installation_mark(name, value)
  SELECT 'search terms due after', '' WHERE EXISTS (SELECT 1 FROM account);
