-- Step 7: an unverified address belongs to no account; an administrator appoints main accounts; failed logins between
-- two logins, wherever those were.
-- Oldest compatible step: 1

-- Whether it may have sub accounts, because an administrator has appointed it (S2.4).
ALTER TABLE account ADD COLUMN is_main bigint NOT NULL DEFAULT 0;
UPDATE account SET is_main = 1
  WHERE id IN (SELECT main_account_id FROM account WHERE main_account_id IS NOT NULL);

-- Of two channels one is preferred (S4.13).
UPDATE account SET preferred_channel = 'email' WHERE preferred_channel = '' AND status <> 'deleted'
  AND EXISTS (SELECT 1 FROM identifier i WHERE i.account_id = account.id AND i.type = 'email')
  AND EXISTS (SELECT 1 FROM identifier i WHERE i.account_id = account.id AND i.type = 'phone');

-- An unverified address waits for its code, and other accounts may wait for a code to the same address.
INSERT INTO address_verification(account_id, type, tenant_id, canonical, display, redirect_to_main, code_hash, tries,
  sent, sent_at, expires_at)
  SELECT account_id, type, tenant_id, min(canonical), min(display), max(redirect_to_main), '', 0, 0, min(created_at), 0
  FROM identifier WHERE verified_at IS NULL AND type IN ('email', 'phone') AND valid_until IS NULL
  GROUP BY account_id, type, tenant_id
  ON CONFLICT (account_id, type) DO NOTHING;
DELETE FROM identifier WHERE verified_at IS NULL AND type IN ('email', 'phone');

ALTER TABLE login_statistics ADD COLUMN last_failure_ip text NOT NULL DEFAULT '';
-- A third row of an account counts the logins of both realms.
INSERT INTO login_statistics(account_id, realm, tenant_id, last_success, last_success_ip, last_failure,
  failures_since_success)
  SELECT account_id, 'all', tenant_id, max(last_success), '', max(last_failure), sum(failures_since_success)
  FROM login_statistics GROUP BY account_id, tenant_id;
