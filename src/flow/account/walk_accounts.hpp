// The walk through the accounts that an administrator's list has, forwards and backwards: by name, by time, or in the
// order of the terms that a search found (docs/decisions/0026-search-by-beginnings.md).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/page_of_list.hpp"
#include "store/account/account_search.hpp"

namespace flow {

struct AccountList {
  std::vector<base::Id> tenants;   // in order of id; the list has one after another
  std::vector<std::string> words;  // of the search; empty = a list without a search
  bool newest_first = false;       // without a search: by time instead of by name
  store::AccountState state = store::AccountState::present;
  std::string kind{};  // name of an identity::AccountKind; "" = every one
  base::Time now;
};

struct AccountPlaces {
  std::vector<base::Id> accounts;
  PageEnds ends;
};

/// Whether the text has the form of a row that a page gave.
bool is_anchor(const std::string& text);

/// One page, and how many accounts the list has.
base::Result<AccountPlaces> walk_accounts(store::Tx& tx, const AccountList& list, const PageWish& wish);

}  // namespace flow
