// The acting contexts of an account, as an administrator gives them and takes them away (S4.8). Sessions that act in a
// context that is taken away end at once, with their grants and by back-channel logout.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

struct ContextOfAccount {
  std::string_view account;  // login, e-mail or id
  std::string_view context;  // key: "administrator"
};
/// False: the account has it already, and nothing is recorded. Errors: those of find_changeable; not_found (context),
/// denied (it gives more rights than the actor has), conflict (the account is deleted).
base::Result<bool> add_context(const House& house, const rights::Actor& actor, const ContextOfAccount& which,
                               const RequestFacts& facts);
/// False: the account does not have it, and nothing is recorded. Errors: those of find_changeable; not_found (context),
/// conflict (the last super administrator).
base::Result<bool> remove_context(const House& house, const rights::Actor& actor, const ContextOfAccount& which,
                                  const RequestFacts& facts);
/// The same inside a transaction of write_for, for an actor whose permission and proof were judged.
base::Result<bool> add_context_in(store::Tx& tx, const rights::Actor& actor, const ContextOfAccount& which,
                                  const RequestFacts& facts);
base::Result<bool> remove_context_in(store::Tx& tx, const rights::Actor& actor, const ContextOfAccount& which,
                                     const RequestFacts& facts);

/// The contexts of an account. `account`: login, e-mail or id. Errors: denied, not_found.
base::Result<std::vector<rights::ActingContext>> list_contexts_of(const House& house, const rights::Actor& actor,
                                                                  std::string_view account, base::Time now);

}  // namespace flow
