// The acting contexts of an account, as an administrator gives them and takes them away (S4.8). Sessions that act in a
// context that is taken away end at once, with their grants and by back-channel logout.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// For how long an account is to have a context.
struct TermWish {
  std::optional<base::Time> from{};   // nullopt, or a time that is past: from now on, or as it is
  std::optional<base::Time> until{};  // nullopt = without end
};
struct ContextOfAccount {
  std::string_view account;        // login, e-mail or id
  std::string_view context;        // key: "administrator"
  std::optional<TermWish> term{};  // for add_context; nullopt = from now on without end, or as it is
};
/// Gives the context, or changes from when until when the account has it; a session in it ends if it begins later now.
/// False: the account has it so already, and nothing is recorded. Errors: those of find_changeable; not_found
/// (context), denied (it gives more rights than the actor has), invalid_input (it would end before it begins, or has
/// ended), conflict (the account is deleted; the last super administrator without an end).
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

/// A context with its term.
struct HeldContext {
  rights::ActingContext context;
  base::Time from;
  std::optional<base::Time> until{};
};
/// Those too that begin later. `account`: login, e-mail or id. Errors: denied, not_found.
base::Result<std::vector<HeldContext>> list_held_contexts(const House& house, const rights::Actor& actor,
                                                          std::string_view account, base::Time now);

}  // namespace flow
