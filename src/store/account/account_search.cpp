#include "store/account/account_search.hpp"

#include "rights/context.hpp"
#include "store/driver/sql.hpp"

namespace store {
namespace {

std::string_view word_of(AccountState state) {
  switch (state) {
    case AccountState::present: return "present";
    case AccountState::active: return "active";
    case AccountState::locked: return "locked";
    case AccountState::suspended: return "suspended";
    case AccountState::deleted: return "deleted";
  }
  return "present";
}

}  // namespace

base::Result<std::vector<base::Id>> search_accounts(Tx& tx, const AccountFilter& filter) {
  return tx.find_all(
      "SELECT a.id FROM account a LEFT JOIN person p ON p.id = a.person_id "
      "WHERE a.id > $1 AND ($2 IS NULL OR a.tenant_id = $2) "
      "AND ($3 = '' OR lower(p.given || ' ' || p.family) LIKE $3 ESCAPE '\\' OR EXISTS (SELECT 1 FROM identifier i "
      "WHERE i.account_id = a.id AND i.type IN ('login', 'email') AND i.canonical LIKE $3 ESCAPE '\\')) "
      "AND (CASE $4 WHEN 'active' THEN a.status = 'active' "
      "WHEN 'suspended' THEN a.status IN ('suspended_self', 'suspended_admin') "
      "WHEN 'deleted' THEN a.status = 'deleted' "
      "WHEN 'locked' THEN a.status <> 'deleted' AND (coalesce(a.locked_until, 0) > $5 OR EXISTS "
      "(SELECT 1 FROM failure_count f WHERE f.account_id = a.id AND f.barrier_at > $5)) "
      "ELSE a.status <> 'deleted' END) ORDER BY a.id LIMIT $6",
      {filter.after, filter.tenant_id, filter.pattern, word_of(filter.state), filter.now, filter.most}, read_id);
}

base::Result<std::int64_t> count_other_super_administrators(Tx& tx, const base::Id& id, base::Time now) {
  ASSIGN_OR_RETURN(
      const auto count,
      tx.find_one("SELECT count(DISTINCT a.id) FROM acting_context c JOIN account_context m ON m.context_id = c.id "
                  "JOIN account a ON a.id = m.account_id WHERE c.role = $2 AND a.status = 'active' AND a.id <> $1 "
                  "AND m.from_at <= $3 AND (m.until_at IS NULL OR m.until_at > $3)",
                  {id, rights::name_of(rights::Role::super_administrator), now}, read_integer));
  return count.value_or(0);
}

}  // namespace store
