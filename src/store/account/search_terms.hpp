// The terms of accounts in account_term: words by whose beginnings an account is found, and its place in lists. The
// functions of this corridor that change what terms are made from call refresh_terms in the same transaction.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "store/engine/store.hpp"

namespace store {

namespace term_kind {
inline constexpr std::string_view word = "word";            // a beginning finds the account
inline constexpr std::string_view name = "name";            // every account that is not deleted, by name
inline constexpr std::string_view created = "created";      // and by the time at which it was made
inline constexpr std::string_view suspended = "suspended";  // by name
inline constexpr std::string_view deleted = "deleted";      // by the time at which the account was made
}  // namespace term_kind

struct Term {
  std::string kind;
  std::string term;
  base::Id tenant_id;
  auto operator<=>(const Term&) const = default;
};

/// What the table holds of the account, and what it must hold by the account's data of now.
base::Result<std::set<Term>> list_terms(Tx& tx, const base::Id& account_id);
base::Result<std::set<Term>> make_terms(Tx& tx, const base::Id& account_id);

/// Brings the table in line with the account's data; nothing is written if it is.
base::Result<void> refresh_terms(Tx& tx, const base::Id& account_id);
base::Result<void> refresh_terms_of_person(Tx& tx, const base::Id& person_id);

/// Whether accounts of an earlier program are still without terms.
base::Result<bool> are_terms_due(Tx& tx);
/// Fills some of them, and notes how far it came. False: nothing is due any more.
base::Result<bool> fill_some_terms(Tx& tx, std::size_t most);

struct CheckedTerms {
  std::vector<base::Id> differing;  // accounts whose terms an earlier program left behind
  base::Id last;
  bool more = false;
};
/// Compares the next accounts in order of id.
base::Result<CheckedTerms> check_some_terms(Tx& tx, const base::Id& after, std::size_t most);

}  // namespace store
