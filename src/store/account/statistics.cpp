#include "store/account/statistics.hpp"

#include "store/driver/sql.hpp"

namespace store {

base::Result<LoginStatistics> find_statistics(Tx& tx, const base::Id& account_id, std::string_view realm) {
  ASSIGN_OR_RETURN(auto found, tx.find_one("SELECT last_success, last_success_ip, last_failure, last_failure_ip, "
                                           "failures_since_success, previous_success, failures_before "
                                           "FROM login_statistics WHERE account_id = $1 AND realm = $2",
                                           {account_id, realm}, [](const Row& row) {
                                             Fields field(row);
                                             return LoginStatistics{field.optional_time(), field.text(),
                                                                    field.optional_time(), field.text(),
                                                                    field.integer(),       field.optional_time(),
                                                                    field.integer()};
                                           }));
  return found ? std::move(*found) : LoginStatistics();
}

base::Result<void> record_login(Tx& tx, const base::Id& account_id, std::string_view realm, bool success,
                                std::string_view ip, base::Time now) {
  if (success) {
    return expect_changed(
        tx.run("INSERT INTO login_statistics(account_id, realm, tenant_id, last_success, last_success_ip, "
               "failures_since_success) SELECT a.id, r.realm, a.tenant_id, $3, $4, 0 FROM account a "
               "CROSS JOIN (SELECT CAST($2 AS text) AS realm UNION ALL SELECT 'all') r WHERE a.id = $1 "
               "ON CONFLICT (account_id, realm) DO UPDATE SET previous_success = login_statistics.last_success, "
               "failures_before = login_statistics.failures_since_success, last_success = $3, last_success_ip = $4, "
               "failures_since_success = 0",
               {account_id, realm, now, ip}),
        "the account");
  }
  return expect_changed(
      tx.run("INSERT INTO login_statistics(account_id, realm, tenant_id, last_success_ip, last_failure, "
             "last_failure_ip, failures_since_success) SELECT a.id, r.realm, a.tenant_id, '', $3, $4, 1 FROM account a "
             "CROSS JOIN (SELECT CAST($2 AS text) AS realm UNION ALL SELECT 'all') r WHERE a.id = $1 "
             "ON CONFLICT (account_id, realm) DO UPDATE SET last_failure = $3, last_failure_ip = $4, "
             "failures_since_success = login_statistics.failures_since_success + 1",
             {account_id, realm, now, ip}),
      "the account");
}

}  // namespace store
