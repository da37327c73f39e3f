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

audit::Code code_of_addition(const FactorHolder& holder) {
  return holder.actor != nullptr ? audit::Code("added") : audit::Code("added_at_login");
}

base::Result<void> record_factor_change(const House& house, store::Tx& tx, const FactorHolder& by,
                                        const FactorChange& change, const RequestFacts& facts) {
  const auto data = {audit::Detail{"factor", change.factor}, audit::Detail{"change", change.change},
                     audit::Detail{"factor_id", change.id}};
  audit::Event event = by.actor != nullptr
                           ? make_event(audit::type::account_change, *by.actor, change.account, facts, data)
                           : make_event(audit::type::account_change, change.account, facts, data);
  if (by.actor == nullptr) {
    event.actor = by.account.id;
    event.session = by.session_id;
  }
  RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
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
