// Acting for another person (S3.9): the holder of a session acts in a context of another account of the same tenant,
// for a limited time, and returns. Judged at every request and in every transaction that writes.
//
//   own context ──begin (flow/admin/act_for_account)──> acting ──return, time over, a right is lost──> own context
//                                                           └────logout, other end of the session────> no session
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "audit/value.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/account/account.hpp"
#include "rights/context.hpp"
#include "rights/session.hpp"
#include "store/engine/store.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {

/// The holder of the session, in the context that they have chosen.
struct ActingHolder {
  const identity::Account& account;
  const rights::ActingContext& context;
  const rights::Session& session;  // with acting_for
  std::string_view ip;             // of the request
};
/// For whom the holder acts, as read in this transaction.
struct ActingRole {
  identity::Account account;
  rights::ActingContext context;
};
/// The role, or the code of audit::why for which the acting is over: its time, a lost permission, an account that may
/// not log in or has more rights than the holder, a context that was taken away.
base::Result<std::variant<ActingRole, audit::Code>> judge_acting(store::Tx& tx, const ActingHolder& holder,
                                                                 base::Time now);

/// Inside a transaction: the session acts for nobody from now on. Records it, with the code of audit::why.
base::Result<void> stop_acting(store::Tx& tx, const rights::Session& session, const base::Id& tenant_id,
                               audit::Code why, const RequestFacts& facts);

struct ActingStep {
  audit::Code step;            // "begun", "ended"
  audit::Code why{};           // of an end: of audit::why
  std::string_view context{};  // key of the context, of a begin
};
/// The event of the begin or the end: the holder of the session is the actor, and the other person is subject and the
/// one on whose behalf.
base::Result<void> record_acting(store::Tx& tx, const rights::Session& session, const base::Id& tenant_id,
                                 const ActingStep& step, const RequestFacts& facts);

/// Whether the tenant wants people to be told; none: as the tenant above it.
std::optional<bool> read_acting_told(const store::Tenant& tenant);
/// Whether a person of the tenant is told: what it wants, else the nearest tenant above it that has chosen, else
/// SessionSettings::acting_told.
base::Result<bool> is_acting_told(const House& house, store::Tx& tx, const base::Id& tenant_id);

}  // namespace flow
