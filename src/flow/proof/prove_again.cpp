#include "flow/proof/prove_again.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/throttle_login.hpp"
#include "identity/identifier/login_name.hpp"
#include "store/account/accounts.hpp"
#include "store/account/statistics.hpp"
#include "store/audit/audit_log.hpp"
#include "store/password/passwords.hpp"
#include "store/proof/throttling.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

// "" = proven. The order matters only for the audit log.
std::string_view find_reason(const identity::Account& account, const std::optional<store::PasswordCredential>& password,
                             const base::Secret& compared, bool matches, const Standing& standing) {
  if (!identity::may_log_in(account)) return "suspended";
  if (!standing.bar.empty()) return standing.bar;
  if (!password) return "no_password";
  if (!matches) return "wrong_password";
  // Compared with one hash, and meanwhile there is another: the proof is void.
  if (!(password->phc == compared)) return "password_changed";
  return {};
}

base::Result<void> record_failure(const House& house, store::Tx& tx, const rights::Actor& actor,
                                  const identity::Account& account, const Standing& standing, std::string_view reason,
                                  const RequestFacts& facts) {
  RETURN_IF_ERROR(count_failure(house, tx, {&account, {}}, standing, facts));
  RETURN_IF_ERROR(store::record_login(tx, account.id, "own", false, facts.ip, facts.now));
  const base::Bytes bucket =
      house.master.authenticate("throttle", "failure|" + account.id.to_string() + "|" + facts.ip);
  ASSIGN_OR_RETURN(const std::int64_t count, store::count_in_window(tx, bucket, std::chrono::minutes(1), facts.now));
  const std::int64_t limit = house.settings.failures_audited_each_minute;
  if (!is_written(count, limit)) return {};
  const std::string total = count > limit ? std::to_string(count) : "";
  audit::Event event = make_event(audit::type::proof, actor, account.tenant_id, account.id, facts,
                                  {{"method", "password"}, {"reason", reason}, {"in_this_minute", total}});
  event.outcome = "failure";
  return store::append_event(tx, std::move(event));
}

}  // namespace

bool has_fresh_proof(const House& house, const rights::Actor& actor, base::Time now) {
  if (actor.is_operator()) return true;
  const rights::Session& session = actor.session();
  const base::Time last = session.proven_at ? std::max(*session.proven_at, session.auth_time) : session.auth_time;
  // A clock that was set back makes no proof fresh.
  return last <= now && now < last + house.settings.proof_lasts;
}

base::Result<void> prove_again(const House& house, const rights::Actor& actor, const base::Secret& typed,
                               const RequestFacts& facts) {
  if (actor.is_operator()) return base::fail(base::Code::denied, "the operator has no password");
  const base::Id id = actor.account().id;
  auto normal = identity::normal_password(typed.reveal());
  const bool possible = normal.has_value();
  const base::Secret password(possible ? std::move(*normal) : std::string("-"));
  ASSIGN_OR_RETURN(const auto before, house.store.read([&](store::Tx& tx) { return store::find_password(tx, id); }));
  bool matches = false;
  base::Secret compared;
  if (before) {
    matches = crypto::matches(password, before->phc.reveal()) && possible;
    compared = before->phc;
  } else {
    crypto::do_decoy_work(password, house.settings.password_hash);
  }
  ASSIGN_OR_RETURN(const bool proven, house.store.write([&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, id));
    if (!account) return base::fail(base::Code::not_found, "the account does not exist");
    ASSIGN_OR_RETURN(const auto now_stored, store::find_password(tx, id));
    ASSIGN_OR_RETURN(const Standing standing, find_standing(house, tx, {&*account, {}}, Proof::password, facts));
    const std::string_view reason = find_reason(*account, now_stored, compared, matches, standing);
    if (!reason.empty()) {
      RETURN_IF_ERROR(record_failure(house, tx, actor, *account, standing, reason, facts));
      return false;
    }
    RETURN_IF_ERROR(store::set_proven(tx, actor.session().id, facts.now));
    RETURN_IF_ERROR(forget_failures(house, tx, *account, standing));
    RETURN_IF_ERROR(store::append_event(
        tx, make_event(audit::type::proof, actor, account->tenant_id, id, facts, {{"method", "password"}})));
    return true;
  }));
  if (!proven) return base::fail(base::Code::login_failed, "see the audit log");
  return {};
}

base::Result<void> demand_fresh_proof(const House& house, const rights::Actor& actor, base::Time now) {
  if (has_fresh_proof(house, actor, now)) return {};
  return base::fail(base::Code::denied, std::string(proof_needed));
}

}  // namespace flow
