// Acting contexts and which accounts may choose them, from when until when.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "rights/context.hpp"
#include "store/engine/store.hpp"

namespace store {

base::Result<std::vector<rights::ActingContext>> list_contexts(Tx& tx, const base::Id& account_id, base::Time now);
/// Those too that begin later.
base::Result<std::vector<rights::ActingContext>> list_given_contexts(Tx& tx, const base::Id& account_id,
                                                                     base::Time now);
base::Result<std::optional<rights::ActingContext>> find_context(Tx& tx, const base::Id& context_id);
/// The context only if it is (still) the account's at `now`.
base::Result<std::optional<rights::ActingContext>> find_context_of(Tx& tx, const base::Id& account_id,
                                                                   const base::Id& context_id, base::Time now);
base::Result<std::optional<rights::ActingContext>> find_context_by_key(Tx& tx, const base::Id& tenant_id,
                                                                       std::string_view key);
base::Result<void> insert_context(Tx& tx, const rights::ActingContext& context);
/// Writes all but key and tenant. False: another change came first (`version`).
base::Result<bool> update_context(Tx& tx, const rights::ActingContext& context);
/// The accounts that have it or will have it, counted to `most`.
base::Result<std::int64_t> count_holders(Tx& tx, const base::Id& context_id, base::Time now, std::int64_t most);
/// Of the first `most` of them: the active accounts that can choose no other context now.
base::Result<std::int64_t> count_holders_of_nothing_else(Tx& tx, const base::Id& context_id, base::Time now,
                                                         std::int64_t most);
/// The accounts that have or will have a context of the tenant with the role, counted to `most`.
base::Result<std::int64_t> count_holders_of_role(Tx& tx, const rights::OwnRole& role, base::Time now,
                                                 std::int64_t most);
/// With its bindings of policies, and with the rows of those who had it.
base::Result<void> delete_context(Tx& tx, const base::Id& context_id);
base::Result<std::vector<rights::ActingContext>> list_contexts_of_tenant(Tx& tx, const base::Id& tenant_id);
/// For how long an account has a context.
struct ContextTerm {
  base::Id context_id;
  base::Time from;
  std::optional<base::Time> until{};  // nullopt = without end
  friend bool operator==(const ContextTerm&, const ContextTerm&) = default;
};
/// Of the contexts that the account has or will have.
base::Result<std::vector<ContextTerm>> list_context_terms(Tx& tx, const base::Id& account_id, base::Time now);
/// Takes the place of the term that was there.
base::Result<void> write_context_term(Tx& tx, const base::Id& account_id, const ContextTerm& term);
base::Result<void> give_context(Tx& tx, const base::Id& account_id, const base::Id& context_id, base::Time from);
/// Ends it at `now`, also if it has not begun. False: the account does not have it.
base::Result<bool> take_context(Tx& tx, const base::Id& account_id, const base::Id& context_id, base::Time now);

/// Who stands for a tenant, at most `most`, active: its main accounts first, then those that hold a context with which
/// one manages its accounts; if there is none, its legal persons.
base::Result<std::vector<base::Id>> list_main_accounts(Tx& tx, const base::Id& tenant_id, std::int64_t most,
                                                       base::Time now);

}  // namespace store
