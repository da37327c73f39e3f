#include "store/account/account_search.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <span>

#include "identity/identifier/search_terms.hpp"
#include "rights/context.hpp"
#include "rights/role.hpp"
#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::size_t most_in_statement = 2;  // other words that the statement itself looks for
constexpr std::string_view number_end(&identity::end_of_number, 1);

std::int64_t flag_of(const TermRange& range) {
  return range.of_numbers ? 1 : 0;
}

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

// The inner statement takes rows of the index in its order and judges none, so that its cost is that of its LIMIT. What
// follows is asked for each of these rows, by the primary key: whether it is the first row of its account in the range,
// and whether the account has the state and the other words. Terms of numbers count for a word that may find them ($15,
// $16, $17 for the range and the other words); $18 is the octet at their end.
constexpr SqlPart judged =
    "SELECT s.term, s.account_id, CASE WHEN s.term = (SELECT x.term FROM account_term x WHERE x.account_id = "
    "s.account_id AND x.kind = $2 AND x.term >= $3 AND x.term < $4 "
    "AND ($15 > 0 OR substr(x.term, length(x.term)) <> $18) ORDER BY x.term LIMIT 1) THEN 1 ELSE 0 END, "
    "CASE WHEN ($8 = 'present' OR (SELECT count(*) FROM account a WHERE a.id = s.account_id AND (CASE $8 "
    "WHEN 'active' THEN a.status = 'active' "
    "WHEN 'suspended' THEN a.status IN ('suspended_self', 'suspended_admin') "
    "WHEN 'deleted' THEN a.status = 'deleted' "
    "ELSE a.status <> 'deleted' AND (coalesce(a.locked_until, 0) > $9 OR (SELECT count(*) "
    "FROM failure_count f WHERE f.account_id = a.id AND f.barrier_at > $9) > 0) END)) > 0) "
    "AND ($19 = '' OR (SELECT count(*) FROM account k WHERE k.id = s.account_id AND k.kind = $19) > 0) "
    "AND ($10 < 1 OR (SELECT count(*) FROM account_term y WHERE y.account_id = s.account_id AND y.kind = 'word' "
    "AND y.term >= $11 AND y.term < $12 AND ($16 > 0 OR substr(y.term, length(y.term)) <> $18)) > 0) "
    "AND ($10 < 2 OR (SELECT count(*) FROM account_term z WHERE z.account_id = s.account_id AND z.kind = 'word' "
    "AND z.term >= $13 AND z.term < $14 AND ($17 > 0 OR substr(z.term, length(z.term)) <> $18)) > 0) THEN 1 ELSE 0 END "
    "FROM (SELECT term, account_id FROM account_term "
    "WHERE tenant_id = $1 AND kind = $2 AND term >= $3 AND term < $4 ";
constexpr SqlPart forward = "AND (term, account_id) > ($5, $6) ORDER BY term, account_id LIMIT $7) s ";
constexpr SqlPart backward = "AND (term, account_id) < ($5, $6) ORDER BY term DESC, account_id DESC LIMIT $7) s ";

PassedRow read_passed(const Row& row) {
  Fields field(row);
  PassedRow passed;
  passed.place.term = field.text();
  passed.place.account_id = field.id();
  passed.is_first = field.flag();
  passed.fits = field.flag() && passed.is_first;
  return passed;
}

}  // namespace

TermRange whole_range(std::string_view kind) {
  // No term begins with the octet 0 or 0xff.
  return {std::string(kind), std::string(1, '\0'), std::string(1, '\xff')};
}

TermRange range_of_word(std::string_view word, bool of_numbers) {
  return {std::string(term_kind::word), std::string(word), identity::end_of_beginning(word), of_numbers};
}

base::Result<std::int64_t> count_terms(Tx& tx, const base::Id& tenant_id, const TermRange& range, std::size_t most) {
  ASSIGN_OR_RETURN(const auto count,
                   tx.find_one("SELECT count(*) FROM (SELECT account_id FROM account_term WHERE tenant_id = $1 "
                               "AND kind = $2 AND term >= $3 AND term < $4 LIMIT $5) s",
                               {tenant_id, range.kind, Blob{range.from}, Blob{range.to}, most}, read_integer));
  return count.value_or(0);
}

base::Result<CountedAccounts> count_accounts(Tx& tx, const base::Id& tenant_id, const TermRange& range,
                                             std::size_t most) {
  ASSIGN_OR_RETURN(
      const auto counted,
      tx.find_one("SELECT count(DISTINCT s.account_id), count(*) FROM (SELECT account_id FROM account_term "
                  "WHERE tenant_id = $1 AND kind = $2 AND term >= $3 AND term < $4 "
                  "AND ($5 > 0 OR substr(term, length(term)) <> $6) LIMIT $7) s",
                  {tenant_id, range.kind, Blob{range.from}, Blob{range.to}, flag_of(range), Blob{number_end}, most},
                  [&](const Row& row) {
                    Fields field(row);
                    CountedAccounts found;
                    found.count = field.integer();
                    found.is_least = field.integer() == std::int64_t(most);
                    return found;
                  }));
  return counted.value_or(CountedAccounts{});
}

TermPlace start_of(const TermRange& range, bool backward) {
  return backward ? TermPlace{range.to, last_id()} : TermPlace{range.from, base::Id()};
}

base::Result<std::optional<TermPlace>> find_place(Tx& tx, const TermRange& range, const base::Id& account_id) {
  return tx.find_one(
      "SELECT term FROM account_term WHERE account_id = $1 AND kind = $2 AND term >= $3 AND term < $4 "
      "AND ($5 > 0 OR substr(term, length(term)) <> $6) ORDER BY term LIMIT 1",
      {account_id, range.kind, Blob{range.from}, Blob{range.to}, flag_of(range), Blob{number_end}},
      [&](const Row& row) {
        return TermPlace{read_text(row), account_id};
      });
}

base::Result<std::vector<PassedRow>> look_at_terms(Tx& tx, const TermLook& look) {
  const std::size_t in_statement = std::min(look.others.size(), most_in_statement);
  const TermRange none = range_of_word("a", false);
  const TermRange& first = in_statement > 0 ? look.others[0] : none;
  const TermRange& second = in_statement > 1 ? look.others[1] : none;
  std::vector<PassedRow> rows;
  auto take = [&](const Row& row) { rows.push_back(read_passed(row)); };
  const std::initializer_list<Param> params{look.tenant_id,
                                            look.range.kind,
                                            Blob{look.range.from},
                                            Blob{look.range.to},
                                            Blob{look.place.term},
                                            look.place.account_id,
                                            look.most,
                                            word_of(look.state),
                                            look.now,
                                            in_statement,
                                            Blob{first.from},
                                            Blob{first.to},
                                            Blob{second.from},
                                            Blob{second.to},
                                            flag_of(look.range),
                                            flag_of(first),
                                            flag_of(second),
                                            Blob{number_end},
                                            look.kind};
  if (look.backward) {
    RETURN_IF_ERROR(tx.query(sql<judged, backward, "ORDER BY s.term DESC, s.account_id DESC">, params, take));
  } else {
    RETURN_IF_ERROR(tx.query(sql<judged, forward, "ORDER BY s.term, s.account_id">, params, take));
  }
  for (PassedRow& row : rows) {
    for (std::size_t i = in_statement; row.fits && i < look.others.size(); ++i) {
      ASSIGN_OR_RETURN(const auto found, find_place(tx, look.others[i], row.place.account_id));
      row.fits = found.has_value();
    }
  }
  return rows;
}

namespace {

std::span<const std::string_view> statuses_of(AccountState state) {
  static constexpr std::array<std::string_view, 4> present{"active", "invited", "suspended_self", "suspended_admin"};
  static constexpr std::array<std::string_view, 1> deleted{"deleted"};
  switch (state) {
    case AccountState::active: return std::span(present).first(1);
    case AccountState::suspended: return std::span(present).last(2);
    case AccountState::deleted: return deleted;
    default: return present;
  }
}

/// The locked accounts: by a lock of the account itself, or by one for everybody but its own devices (failure_count).
base::Result<std::set<base::Id>> find_locked(Tx& tx, const StateList& list, std::int64_t most) {
  std::set<base::Id> ids;
  auto take = [&](const Row& row) {
    Fields field(row);
    const base::Id id = field.id();
    const std::string_view kind = field.view();
    const bool is_kind = list.kind.empty() || kind == list.kind;
    if (is_kind && field.view() != "deleted") ids.insert(id);
  };
  RETURN_IF_ERROR(tx.query(
      "SELECT id, kind, status FROM account WHERE tenant_id = $1 AND locked_until > $2 ORDER BY locked_until LIMIT $3",
      {list.tenant_id, list.now, most}, take));
  RETURN_IF_ERROR(
      tx.query("SELECT a.id, a.kind, a.status FROM (SELECT account_id FROM failure_count "
               "WHERE account_id IS NOT NULL AND barrier_at > $2 ORDER BY barrier_at LIMIT $3) f "
               "JOIN account a ON a.id = f.account_id WHERE a.tenant_id = $1",
               {list.tenant_id, list.now, most}, take));
  return ids;
}

TermPlace read_place(const Row& row) {
  Fields field(row);
  TermPlace place;
  place.term = field.text();
  place.account_id = field.id();
  return place;
}

}  // namespace

base::Result<std::int64_t> count_by_state(Tx& tx, const StateList& list, std::int64_t most) {
  if (list.state == AccountState::locked) {
    ASSIGN_OR_RETURN(const auto locked, find_locked(tx, list, most));
    return static_cast<std::int64_t>(locked.size());
  }
  std::int64_t all = 0;
  for (const std::string_view status : statuses_of(list.state)) {
    auto count = list.kind.empty()
                     ? tx.find_one(
                           "SELECT count(*) FROM (SELECT id FROM account WHERE tenant_id = $1 AND status = $2 "
                           "LIMIT $3) s",
                           {list.tenant_id, status, most}, read_integer)
                     : tx.find_one(
                           "SELECT count(*) FROM (SELECT id FROM account WHERE tenant_id = $1 AND status = $2 "
                           "AND kind = $3 LIMIT $4) s",
                           {list.tenant_id, status, list.kind, most}, read_integer);
    if (!count) return base::pass_on(std::move(count));
    all += count->value_or(0);
  }
  return all;
}

base::Result<std::vector<TermPlace>> list_by_state(Tx& tx, const StateList& list, std::string_view term_kind,
                                                   std::int64_t most) {
  std::vector<TermPlace> all;
  if (list.state == AccountState::locked) {
    ASSIGN_OR_RETURN(const auto locked, find_locked(tx, list, most));
    for (const base::Id& id : locked) {
      ASSIGN_OR_RETURN(
          const auto place,
          tx.find_one("SELECT term, account_id FROM account_term WHERE account_id = $1 AND kind = $2 LIMIT 1",
                      {id, term_kind}, read_place));
      if (place) all.push_back(*place);
    }
    return all;
  }
  for (const std::string_view status : statuses_of(list.state)) {
    auto found = list.kind.empty()
                     ? tx.find_all(
                           "SELECT t.term, t.account_id FROM (SELECT id FROM account WHERE tenant_id = $1 "
                           "AND status = $2 LIMIT $4) s "
                           "JOIN account_term t ON t.account_id = s.id AND t.kind = $3",
                           {list.tenant_id, status, term_kind, most}, read_place)
                     : tx.find_all(
                           "SELECT t.term, t.account_id FROM (SELECT id FROM account WHERE tenant_id = $1 "
                           "AND status = $2 AND kind = $5 LIMIT $4) s "
                           "JOIN account_term t ON t.account_id = s.id AND t.kind = $3",
                           {list.tenant_id, status, term_kind, most, list.kind}, read_place);
    if (!found) return base::pass_on(std::move(found));
    std::move(found->begin(), found->end(), std::back_inserter(all));
  }
  return all;
}

base::Result<std::optional<base::Id>> find_tenant_of_terms(Tx& tx, const base::Id& account_id) {
  return tx.find_one("SELECT tenant_id FROM account_term WHERE account_id = $1 LIMIT 1", {account_id}, read_id);
}

base::Result<std::vector<base::Id>> list_tenant_ids(Tx& tx) {
  return tx.find_all("SELECT id FROM tenant ORDER BY id", {}, read_id);
}

base::Result<bool> has_other_super_administrator(Tx& tx, const base::Id& id, base::Time now) {
  ASSIGN_OR_RETURN(
      const auto found,
      tx.find_one("SELECT 1 FROM account_context m JOIN account a ON a.id = m.account_id "
                  "WHERE m.context_id IN (SELECT id FROM acting_context WHERE role = $2) AND a.status = 'active' "
                  "AND m.account_id <> $1 AND m.from_at <= $3 AND m.until_at IS NULL LIMIT 1",
                  {id, rights::role::super_administrator, now}, read_integer));
  return found.has_value();
}

base::Result<std::vector<base::Id>> list_super_administrators(Tx& tx, base::Time now, std::int64_t most) {
  return tx.find_all(
      "SELECT m.account_id FROM account_context m JOIN account a ON a.id = m.account_id "
      "WHERE m.context_id IN (SELECT id FROM acting_context WHERE role = $1) AND a.status = 'active' "
      "AND m.from_at <= $2 AND m.until_at IS NULL LIMIT $3",
      {rights::role::super_administrator, now, most}, read_id);
}

}  // namespace store
