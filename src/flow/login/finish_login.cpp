#include "flow/login/finish_login.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "flow/house/record.hpp"
#include "flow/login/list_factors.hpp"
#include "flow/proof/login_code.hpp"
#include "flow/session/factor_demand.hpp"
#include "flow/session/known_device.hpp"
#include "flow/session/logout.hpp"
#include "flow/session/session_cookie.hpp"
#include "flow/session/session_settings.hpp"
#include "flow/session/write_session.hpp"
#include "rights/context.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/account/statistics.hpp"
#include "store/audit/audit_log.hpp"
#include "store/session/devices.hpp"
#include "store/session/login_codes.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

constexpr std::size_t longest_user_agent = 256;

/// One step, from its proof to the session.
class Finish {
 public:
  Finish(const House& house, store::Tx& tx, const StepOfLogin& step, const RequestFacts& facts)
      : house_(house), tx_(tx), step_(step), facts_(facts), account_(step.settled.account) {}

  base::Result<Finished> run() {
    ASSIGN_OR_RETURN(demand_, find_demand(tx_, account_.id));
    ASSIGN_OR_RETURN(device_, find_known_device(house_, tx_, &account_.id, facts_.devices, facts_.now));
    begin_session();
    if (demand_.is_on) RETURN_IF_ERROR(settle_grace());
    ASSIGN_OR_RETURN(const bool is_met, meets_demand(tx_, demand_, session_, facts_.ip, facts_.now));
    if (is_met) return complete();
    if (!factors_.empty()) return wait_for_factor(factors_.front());
    ASSIGN_OR_RETURN(const EnrolmentOffer offer, find_enrolment(house_, tx_, account_, demand_, session_.proofs));
    if (offer.methods.empty()) return refuse_without_factor();
    return wait_for_factor(offer.first.empty() ? std::nullopt : std::optional(offer.first.front()));
  }

 private:
  void begin_session() {
    const SessionSettings& policy = house_.settings.session;
    cookie_ = make_session_cookie(facts_.now);
    session_ = {};
    session_.id = cookie_.id;
    session_.secret_hash = cookie_.secret_hash;
    session_.account_id = account_.id;
    if (device_) session_.device_id = device_->id;
    session_.proofs = step_.proofs;
    session_.auth_time = session_.created_at = session_.last_seen = facts_.now;
    session_.absolute_until = facts_.now + policy.absolute;
    session_.idle_until = std::min(facts_.now + policy.choice, session_.absolute_until);
    session_.security_stamp = account_.security_stamp;
    session_.must_change = step_.must_change;
    session_.ip = facts_.ip;
    session_.user_agent = facts_.user_agent.substr(0, longest_user_agent);
  }

  /// The days in which an account may do without a factor begin when it is first asked for one, and end with its first.
  base::Result<void> settle_grace() {
    ASSIGN_OR_RETURN(factors_, list_second_steps(house_, tx_, account_, demand_.rules.methods));
    if (!factors_.empty()) return store::end_grace(tx_, account_.id);
    if (demand_.rules.grace_days == 0) return {};
    return store::begin_grace(tx_, account_.id, facts_.now);
  }

  base::Result<Finished> complete() {
    // Before the device gets its new secret: afterwards this request would look like a stranger's.
    ASSIGN_OR_RETURN(const auto standings, find_standings());
    ASSIGN_OR_RETURN(RememberedDevice remembered, remember_device(house_, tx_, account_.id, facts_));
    session_.device_id = remembered.id;
    ASSIGN_OR_RETURN(const auto context, find_only_context());
    if (context) {
      session_.context_id = context->id;
      session_.idle_until = find_idle_end(house_, session_, facts_);
    }
    RETURN_IF_ERROR(write(context ? &*context : nullptr));
    for (const Standing& standing : standings) {
      RETURN_IF_ERROR(forget_when_complete(step_.proving, tx_, {{}, account_, standing}, session_.proofs));
    }
    RETURN_IF_ERROR(remember_steps());
    RETURN_IF_ERROR(record_login(context ? &*context : nullptr));
    Finished finished;
    finished.done.session_cookie = std::move(cookie_.value);
    finished.done.device_cookie = std::move(remembered.cookie);
    finished.done.needs_context = !context;
    finished.done.must_change = step_.must_change;
    ASSIGN_OR_RETURN(finished.done.offers_enrolment, offers_enrolment());
    return finished;
  }

  base::Result<bool> offers_enrolment() {
    if (!factors_.empty()) return false;
    ASSIGN_OR_RETURN(const auto left, find_grace_left(tx_, demand_, session_, facts_.ip, facts_.now));
    if (!left) return false;
    ASSIGN_OR_RETURN(const EnrolmentOffer offer, find_enrolment(house_, tx_, account_, demand_, session_.proofs));
    return !offer.methods.empty() && offer.first.empty();
  }

  /// `first`: what its page begins with; nullopt = one is to be set up.
  base::Result<Finished> wait_for_factor(std::optional<rights::ProofMethod> first) {
    RETURN_IF_ERROR(write(nullptr));
    audit::Event event = make_event(audit::type::login_step, account_, facts_,
                                    {{"method", step_.proofs.methods().front()}}, step_.typed);
    event.actor = account_.id;
    event.session = session_.id;
    event.client = step_.client_id;
    RETURN_IF_ERROR(store::append_event(tx_, std::move(event)));
    if (step_.first == nullptr) RETURN_IF_ERROR(forget_login_code(tx_, session_.id, facts_.now));
    bool is_sent = true;
    if (first == rights::ProofMethod::sms || first == rights::ProofMethod::email) {
      ASSIGN_OR_RETURN(is_sent, send_login_code(house_, tx_, {account_, session_.id, *first}, facts_));
    }
    Finished finished;
    finished.done.session_cookie = std::move(cookie_.value);
    finished.done.owes_factor = true;
    finished.done.code_refused = !is_sent;
    return finished;
  }

  base::Result<Finished> refuse_without_factor() {
    audit::Event event = make_event(audit::type::login, account_, facts_,
                                    {{"method", step_.proofs.methods().front()}, {"reason", "no_factor"}}, step_.typed);
    event.outcome = "failure";
    event.client = step_.client_id;
    RETURN_IF_ERROR(store::append_event(tx_, std::move(event)));
    return Finished{.has_no_factor = true};
  }

  // No context is open before a password change that must be made, not even the only one. One that asks for a stronger
  // login is a choice too.
  base::Result<std::optional<rights::ActingContext>> find_only_context() {
    if (step_.must_change != identity::MustChange::no) return std::nullopt;
    ASSIGN_OR_RETURN(const auto all, store::list_contexts(tx_, account_.id, facts_.now));
    const LoginPlace place{session_.proofs, facts_.ip, facts_.ip};
    ASSIGN_OR_RETURN(const auto reachable, find_reachable(house_, tx_, account_, all, place));
    if (reachable.size() != 1 || reachable.front().is_stronger) return std::nullopt;
    return reachable.front().context;
  }

  // The session of the first step, or the old session of this browser if it belongs to the same account, becomes the
  // new one. Another one ends.
  base::Result<void> write(const rights::ActingContext* context) {
    SessionToWrite wish{session_, account_, context};
    if (step_.first != nullptr) {
      wish.replaces = step_.first->id;
      return write_session(tx_, wish, facts_);
    }
    const auto old_cookie = parse_session_cookie(step_.replaced_cookie);
    if (old_cookie) {
      ASSIGN_OR_RETURN(const std::optional<rights::Session> old, store::find_session(tx_, old_cookie->id));
      if (old && base::equal_in_constant_time(old->secret_hash, old_cookie->secret_hash)) {
        const bool is_same = old->account_id == session_.account_id && old->security_stamp == session_.security_stamp &&
                             facts_.now < old->absolute_until && facts_.now < old->idle_until;
        if (is_same) {
          wish.replaces = old->id;
        } else {
          RETURN_IF_ERROR(end_unknown_session(tx_, *old, {audit::type::session_end, audit::why::other_login}, facts_));
        }
      }
    }
    return write_session(tx_, wish, facts_);
  }

  // Of every step: what failed before the first one was right was not forgotten then.
  base::Result<std::vector<Standing>> find_standings() {
    const std::string_view own = rights::lockout_kind_of(step_.proofs.methods().back());
    std::vector<Standing> standings{step_.settled.standing};
    std::vector<std::string_view> kinds{own};
    for (const rights::ProofMethod method : step_.proofs.methods()) {
      const std::string_view kind = rights::lockout_kind_of(method);
      if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) continue;
      kinds.push_back(kind);
      ASSIGN_OR_RETURN(Standing standing, find_standing(house_, tx_, {&account_, {}}, kind, facts_));
      standings.push_back(std::move(standing));
    }
    return standings;
  }

  base::Result<void> remember_steps() {
    const auto until = [&](bool is_wished, std::int64_t days) -> std::optional<base::Time> {
      if (!is_wished || days == 0) return std::nullopt;
      return facts_.now + std::chrono::hours(24 * days);
    };
    store::DeviceTrust trust;
    // What was given now begins its time anew; what was not given keeps the end that it had.
    const bool is_kept = device_ && device_->trusted_stamp == account_.security_stamp;
    if (is_kept) trust = {device_->first_step_until, device_->second_step_until, 0};
    const auto first = until(step_.remember.first_step && step_.proofs.has(rights::ProofMethod::password),
                             demand_.rules.first_step_days);
    const auto second = until(step_.remember.second_step && step_.first != nullptr, demand_.rules.second_step_days);
    if (!first && !second) return {};
    if (first) trust.first_step_until = first;
    if (second) trust.second_step_until = second;
    trust.stamp = account_.security_stamp;
    RETURN_IF_ERROR(store::trust_device(tx_, *session_.device_id, trust));
    audit::Codes steps;
    if (first) steps.add("first");
    if (second) steps.add("second");
    audit::Event event =
        make_event(audit::type::device_trust, account_, facts_, {{"steps", steps}, {"device_id", session_.device_id}});
    event.actor = account_.id;
    event.session = session_.id;
    return store::append_event(tx_, std::move(event));
  }

  base::Result<void> record_login(const rights::ActingContext* context) {
    // Counted only here, because a code that is issued for an open session is not a login (S4.18).
    const std::string_view realm = step_.client_id.empty() ? "own" : "other";
    RETURN_IF_ERROR(store::record_login(tx_, account_.id, realm, true, facts_.ip, facts_.now));
    if (account_.first_language.empty()) {
      RETURN_IF_ERROR(store::set_first_language(tx_, account_.id, text::code_of(facts_.language)));
    }
    const identity::MustChange must_change = step_.must_change;
    audit::Codes factors;
    for (const rights::ProofMethod method : session_.proofs.methods()) {
      if (method != session_.proofs.methods().front()) factors.add(method);
    }
    audit::Event event =
        make_event(audit::type::login, account_, facts_,
                   {{"method", step_.proofs.methods().front()},
                    {"factors", factors},
                    {"level", audit::Value::count(session_.proofs.level())},
                    {"chosen", context != nullptr ? audit::Code("only_context") : audit::Code()},
                    {"must_change", must_change == identity::MustChange::no ? audit::Code() : audit::Code(must_change)},
                    {"device_id", session_.device_id}},
                   step_.typed);
    event.actor = account_.id;
    event.session = session_.id;
    event.client = step_.client_id;
    if (context != nullptr) event.context = context->key;
    return store::append_event(tx_, std::move(event));
  }

  const House& house_;
  store::Tx& tx_;
  const StepOfLogin& step_;
  const RequestFacts& facts_;
  const identity::Account& account_;
  rights::FactorDemand demand_;
  std::vector<rights::ProofMethod> factors_;  // read if the demand is on
  std::optional<store::Device> device_;
  NewSessionCookie cookie_;
  rights::Session session_;
};

}  // namespace

base::Result<Finished> finish_step(const House& house, store::Tx& tx, const StepOfLogin& step,
                                   const RequestFacts& facts) {
  return Finish(house, tx, step, facts).run();
}

base::Result<LoginDone> tell_finished(Finished finished) {
  if (finished.has_no_factor) return base::fail(base::Code::denied, std::string(no_factor));
  return std::move(finished.done);
}

}  // namespace flow
