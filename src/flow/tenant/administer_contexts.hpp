// Acting contexts as an administrator makes them: with a role, tied to methods, a level and networks, and without
// permissions of the own account that they lack (S4.8, S4.28). Every function needs the permission manage_contexts (to
// see them others are enough), and every change a fresh proof; each change has its audit event. Nobody makes or changes
// a context that allows more than their own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

/// The contexts of a tenant (`tenant` as in find_managed_tenant). Errors: denied, not_found.
base::Result<std::vector<rights::ActingContext>> list_acting_contexts(const House& house, const rights::Actor& actor,
                                                                      std::string_view tenant);

struct ContextOfTenant {
  std::string_view tenant;   // as in find_managed_tenant; a context's id needs none
  std::string_view context;  // key ("user") or id
};

struct ContextDetails {
  rights::ActingContext context;
  TenantName tenant;
  std::int64_t holders = 0;  // accounts that have it or will have it; at most counted_exactly + 1
  bool may_change = false;   // the actor may, because it allows no more than the actor's own
};
/// Of a tenant (as in find_managed_tenant). For manage_contexts and read_settings. Errors: denied, not_found.
base::Result<std::vector<ContextDetails>> list_context_details(const House& house, const rights::Actor& actor,
                                                               std::string_view tenant, base::Time now);
base::Result<ContextDetails> find_context_details(const House& house, const rights::Actor& actor,
                                                  const ContextOfTenant& which, base::Time now);

/// nullopt = the value stays, and a new context has the default.
struct ContextWish {
  std::optional<std::string> name{};  // default: the key
  std::optional<std::string> name_de{};
  std::optional<std::string> name_pl{};
  std::optional<std::string> role{};                   // key of a built-in role or of one of the tenant; default: user
  std::optional<std::vector<std::string>> methods{};   // of rights::parse_proof_method; empty: every one
  std::optional<std::int64_t> level{};                 // 1 to 3
  std::optional<std::vector<std::string>> networks{};  // "10.0.0.0/8", "192.0.2.1"; empty: everywhere
  std::optional<std::vector<std::string>> lacks{};     // of rights::parse_lacking
  std::optional<std::int64_t> version{};               // that the form was filled in for; nullopt: whatever it is
};
/// What is wrong with the wish, whoever has it: names of its fields. Whether the role exists is judged by the change.
std::vector<std::string> find_context_flaws(const ContextWish& wish);
/// Gives its id. Errors: denied, not_found (tenant), invalid_input (names the field), already_exists.
base::Result<base::Id> create_acting_context(const House& house, const rights::Actor& actor,
                                             const ContextOfTenant& which, const ContextWish& wish,
                                             const RequestFacts& facts);
/// Takes effect with the next request, also in open sessions. False: nothing changed, and nothing is recorded. Errors:
/// those of create_acting_context; conflict: another change came first, the actor's own session would be locked out, or
/// no super administrator would be left.
base::Result<bool> change_acting_context(const House& house, const rights::Actor& actor, const ContextOfTenant& which,
                                         const ContextWish& wish, const RequestFacts& facts);
/// What a change would do, judged as the change itself is and counted in the same reading. Errors: those of
/// change_acting_context; conflict here means only that another change came first.
struct ContextEffect {
  std::int64_t holders = 0;  // as in ContextDetails
  rights::Permissions gained{};
  rights::Permissions lost{};
  bool is_narrower = false;       // some logins that open it now will not
  std::int64_t only_way = 0;      // then: active accounts that have no other context, of the first counted_exactly
  bool opens_for_nobody = false;  // no login reaches its level
  bool locks_out_actor = false;   // the change would be refused: the actor's own session acts in it
};
base::Result<ContextEffect> preview_context_change(const House& house, const rights::Actor& actor,
                                                   const ContextOfTenant& which, const ContextWish& wish,
                                                   base::Time now);
/// Errors: denied, not_found, conflict (accounts have it).
base::Result<void> delete_acting_context(const House& house, const rights::Actor& actor, const ContextOfTenant& which,
                                         const RequestFacts& facts);

}  // namespace flow
