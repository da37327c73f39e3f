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

base::Result<FoundAccounts> search_accounts(Tx& tx, const AccountFilter& filter) {
  FoundAccounts found;
  ASSIGN_OR_RETURN(found.next_after, tx.find_one("SELECT id FROM account WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2",
                                                 {filter.after, filter.look - 1}, read_id));
  ASSIGN_OR_RETURN(
      found.ids,
      tx.find_all(
          "SELECT a.id FROM account a LEFT JOIN person p ON p.id = a.person_id "
          "WHERE a.id > $1 AND a.id <= $2 AND ($3 IS NULL OR a.tenant_id = $3) "
          "AND ($4 = '' OR lower(p.given || ' ' || p.family) LIKE $4 ESCAPE '\\' OR (SELECT count(*) FROM identifier i "
          "WHERE i.account_id = a.id AND i.type IN ('login', 'email') AND i.canonical LIKE $4 ESCAPE '\\') > 0 OR "
          "(SELECT "
          "count(*) FROM address_verification v WHERE v.account_id = a.id AND v.type = 'email' AND v.canonical LIKE $4 "
          "ESCAPE '\\') > 0) "
          "AND (CASE $5 WHEN 'active' THEN a.status = 'active' "
          "WHEN 'suspended' THEN a.status IN ('suspended_self', 'suspended_admin') "
          "WHEN 'deleted' THEN a.status = 'deleted' "
          "WHEN 'locked' THEN a.status <> 'deleted' AND (coalesce(a.locked_until, 0) > $6 OR (SELECT count(*) "
          "FROM failure_count f WHERE f.account_id = a.id AND f.barrier_at > $6) > 0) "
          "ELSE a.status <> 'deleted' END) ORDER BY a.id",
          {filter.after, found.next_after.value_or(last_id()), filter.tenant_id, filter.pattern, word_of(filter.state),
           filter.now},
          read_id));
  return found;
}

base::Result<bool> has_other_super_administrator(Tx& tx, const base::Id& id, base::Time now) {
  ASSIGN_OR_RETURN(
      const auto found,
      tx.find_one("SELECT 1 FROM account_context m JOIN account a ON a.id = m.account_id "
                  "WHERE m.context_id IN (SELECT id FROM acting_context WHERE role = $2) AND a.status = 'active' "
                  "AND m.account_id <> $1 AND m.from_at <= $3 AND (m.until_at IS NULL OR m.until_at > $3) LIMIT 1",
                  {id, rights::name_of(rights::Role::super_administrator), now}, read_integer));
  return found.has_value();
}

}  // namespace store
