// An administrator with the permission act_for_others acts in the context of another person and returns (S3.9). What
// the person has to do in person stays closed (flow/session/acting.hpp).
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/account/account.hpp"
#include "rights/actor.hpp"

namespace flow {

/// Whether a page offers to act for the account: the checks of begin_acting that need nothing but the account.
bool may_act_for(const rights::Actor& actor, const identity::Account& account);

/// For whom one could act, and in which contexts.
struct ActingChoices {
  identity::Account account;
  std::vector<rights::ActingContext> contexts;
  bool is_told = true;  // the person gets a message
};
/// `account`: id. Errors: denied (no permission, more rights, the own account), not_found (also of another tenant),
/// conflict (the person may not log in, or is no person; the actor acts for somebody already).
base::Result<ActingChoices> find_acting_choices(const House& house, const rights::Actor& actor,
                                                std::string_view account, base::Time now);

struct ActingWish {
  std::string_view account;  // id
  std::string_view context;  // key of one of its contexts
};
/// Needs a fresh proof. The session gets a new id and secret, because its rights change; gives the value of the new
/// cookie. It ends by itself after SessionSettings::acting_lasts. The person is told if their tenant wants it
/// (is_acting_told).
/// Errors: those of find_acting_choices; denied (no fresh proof, not one of the contexts).
base::Result<base::Secret> begin_acting(const House& house, const rights::Actor& actor, const ActingWish& wish,
                                        const RequestFacts& facts);

/// Back to the own context; gives the value of the new session cookie. Errors: conflict (the actor acts for nobody).
base::Result<base::Secret> end_acting(const House& house, const rights::Actor& actor, const RequestFacts& facts);

}  // namespace flow
