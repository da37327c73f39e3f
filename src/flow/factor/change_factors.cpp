#include "flow/factor/change_factors.hpp"

#include "flow/house/record.hpp"
#include "flow/session/end_access.hpp"
#include "store/audit/audit_log.hpp"
#include "store/factor/factors.hpp"

namespace flow {

audit::Code code_of(identity::FactorKind kind) {
  switch (kind) {
    case identity::FactorKind::totp: return "totp";
    case identity::FactorKind::passkey: return "webauthn";
    case identity::FactorKind::recovery: return "recovery";
  }
  return {};
}

base::Result<void> record_factor_change(const House& house, store::Tx& tx, const rights::Actor& actor,
                                        const FactorChange& change, const RequestFacts& facts) {
  RETURN_IF_ERROR(store::append_event(
      tx, make_event(audit::type::account_change, actor, change.account, facts,
                     {{"factor", change.factor}, {"change", change.change}, {"factor_id", change.id}})));
  if (change.message.empty()) return {};
  return notify_person(house, tx, change.account, {change.message, facts.language}, facts.now);
}

base::Result<void> tidy_factors(store::Tx& tx, const identity::Account& account) {
  ASSIGN_OR_RETURN(const std::int64_t apps, store::count_factors(tx, account.id, identity::FactorKind::totp));
  ASSIGN_OR_RETURN(const std::int64_t passkeys, store::count_factors(tx, account.id, identity::FactorKind::passkey));
  if (apps + passkeys > 0) return {};
  RETURN_IF_ERROR(store::delete_factors(tx, account.id, identity::FactorKind::recovery));
  return account.has_phone_in_force() ? base::Result<void>() : store::set_always_factor(tx, account.id, false);
}

}  // namespace flow
