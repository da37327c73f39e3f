// Questions of administrators about many accounts at once. A list is walked in the order of account_term's index, a few
// rows a look, so that its cost is bounded by what is shown and not by the number of accounts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"
#include "store/account/search_terms.hpp"
#include "store/engine/store.hpp"

namespace store {

enum class AccountState : std::uint8_t {
  present,
  active,
  locked,
  suspended,
  deleted
};  // present = not deleted

/// Terms of a kind from `from` (included) to `to` (not included), in octets.
struct TermRange {
  std::string kind;
  std::string from;
  std::string to;
  bool of_numbers = true;  // false: terms that are numbers of a register or a document find nothing
};
/// All terms of a kind, and those that begin with a word (`of_numbers`: identity::finds_numbers).
TermRange whole_range(std::string_view kind);
TermRange range_of_word(std::string_view word, bool of_numbers);

/// How many rows the range has in the tenant, those of numbers included, at most `most`.
base::Result<std::int64_t> count_terms(Tx& tx, const base::Id& tenant_id, const TermRange& range, std::size_t most);

struct CountedAccounts {
  std::int64_t count = 0;
  bool is_least = false;  // there may be more
};
/// How many accounts have a row in the range, in its first `most` rows: much cheaper than a look at each.
base::Result<CountedAccounts> count_accounts(Tx& tx, const base::Id& tenant_id, const TermRange& range,
                                             std::size_t most);

/// Where a walk stands: behind the row of this account. An account may have several rows in a range; the first counts.
struct TermPlace {
  std::string term;
  base::Id account_id;
};
TermPlace start_of(const TermRange& range, bool backward);
/// nullopt: the account has no row in the range, any more.
base::Result<std::optional<TermPlace>> find_place(Tx& tx, const TermRange& range, const base::Id& account_id);

struct TermLook {
  base::Id tenant_id;
  TermRange range;
  TermPlace place;
  bool backward = false;
  std::vector<TermRange> others{};  // in each of these the account must have a term
  AccountState state = AccountState::present;
  std::string kind{};       // name of an identity::AccountKind; "" = every one
  base::Time now{};         // locked at this time
  std::size_t most = 1000;  // rows that one look passes
};
struct PassedRow {
  TermPlace place;
  bool is_first = false;  // of this account in the range
  bool fits = false;      // is the first, and has the state, the kind and the other words
};
/// The next rows of the range; fewer than `most` = it has no more.
base::Result<std::vector<PassedRow>> look_at_terms(Tx& tx, const TermLook& look);

/// The accounts of a tenant that have a state and a kind; each has one row of `term_kind`, whose order is that of a
/// list.
struct StateList {
  base::Id tenant_id;
  AccountState state = AccountState::present;
  std::string kind{};  // "" = every one
  base::Time now{};    // locked at this time
};
/// At most `most` of each status. By an index alone.
base::Result<std::int64_t> count_by_state(Tx& tx, const StateList& list, std::int64_t most);
/// For a list of which count_by_state says that it is short; in no order, at most `most` of each status.
base::Result<std::vector<TermPlace>> list_by_state(Tx& tx, const StateList& list, std::string_view term_kind,
                                                   std::int64_t most);

/// nullopt: the account has no terms.
base::Result<std::optional<base::Id>> find_tenant_of_terms(Tx& tx, const base::Id& account_id);

/// In order of id.
base::Result<std::vector<base::Id>> list_tenant_ids(Tx& tx);

/// Active accounts that may act as super administrators at `now`, at most `most`, in no order.
base::Result<std::vector<base::Id>> list_super_administrators(Tx& tx, base::Time now, std::int64_t most);
/// Whether an active account besides `id` may choose a context of a super administrator at `now`.
base::Result<bool> has_other_super_administrator(Tx& tx, const base::Id& id, base::Time now);

}  // namespace store
