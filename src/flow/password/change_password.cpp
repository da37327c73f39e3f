#include "flow/password/change_password.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "audit/event.hpp"
#include "crypto/key/master_key.hpp"
#include "crypto/password/password_hash.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/outbox/queue_message.hpp"
#include "flow/password/prove_old_password.hpp"
#include "flow/password/ready_password.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/end_access.hpp"
#include "flow/session/factor_demand.hpp"
#include "flow/session/live_session.hpp"
#include "flow/session/logout.hpp"
#include "flow/session/session_cookie.hpp"
#include "flow/session/session_settings.hpp"
#include "flow/session/write_session.hpp"
#include "identity/identifier/login_name.hpp"
#include "rights/session.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/password/passwords.hpp"
#include "store/proof/one_time_tokens.hpp"
#include "store/session/sessions.hpp"
#include "store/system/client_systems.hpp"

namespace flow {
namespace {

namespace json = boost::json;
constexpr std::string_view sealed_for = "password-change";
constexpr base::Duration ticket_lasts = std::chrono::minutes(10);

struct Ticket {
  base::Id credential_id;  // of the old password
  base::Time until;
  ReadyPassword ready;
};

base::Secret seal_ticket(const House& house, const base::Id& session_id, const Ticket& ticket) {
  json::object object;
  object["credential"] = ticket.credential_id.to_string();
  object["until"] = base::to_ms(ticket.until);
  object["phc"] = ticket.ready.phc.reveal();
  object["digest"] = base::to_base64url(ticket.ready.remembered.digest);
  object["cost"] = ticket.ready.remembered.cost;
  object["rules"] = ticket.ready.rules;
  const base::Secret plain(json::serialize(object));
  return base::Secret(base::to_base64url(house.master.seal(sealed_for, plain.reveal(), session_id.bytes())));
}

// Only its age and its session are checked, because only this server can seal a ticket.
base::Result<Ticket> open_ticket(const House& house, const base::Id& session_id, const base::Secret& sealed,
                                 base::Time now) {
  const auto expired = [] { return base::fail(base::Code::expired, "the change is not of this session or too old"); };
  const auto octets = base::parse_base64url(sealed.reveal());
  if (!octets) return expired();
  const auto plain = house.master.open(sealed_for, *octets, session_id.bytes());
  if (!plain) return expired();
  json::error_code error;
  const json::value value = json::parse(json::string_view(plain->reveal().data(), plain->reveal().size()), error);
  if (error || !value.is_object()) return base::fail(base::Code::internal, "a sealed change is not readable");
  const json::object& object = value.get_object();
  const auto text = [&object](std::string_view name) {
    const json::value* one = object.if_contains(name);
    return one != nullptr && one->is_string() ? std::string(one->get_string()) : std::string();
  };
  const json::value* until = object.if_contains("until");
  if (until == nullptr || !until->is_int64() || now >= base::from_ms(until->get_int64())) return expired();
  Ticket ticket;
  ASSIGN_OR_RETURN(ticket.credential_id, base::Id::parse(text("credential")));
  ASSIGN_OR_RETURN(ticket.ready.remembered.digest, base::parse_base64url(text("digest")));
  ticket.ready.phc = base::Secret(text("phc"));
  ticket.ready.remembered.cost = text("cost");
  ticket.ready.remembered.at = now;
  ticket.ready.rules = text("rules");
  return ticket;
}

struct Judged {
  ChangeJudgement judgement;
  std::optional<ReadyPassword> ready;
};

base::Result<Judged> judge(const House& house, const ProvenPassword& proven, const ChangeWish& wish, base::Time now) {
  ASSIGN_OR_RETURN(const PasswordGround ground,
                   house.store.read([&](store::Tx& tx) { return find_ground(tx, proven.account, now); }));
  ASSIGN_OR_RETURN(PasswordJudgement found, judge_password(house, ground, wish.new_password, now));
  Judged result;
  result.judgement.flaws = std::move(found.flaws);
  result.judgement.repeat_differs = !(wish.new_password == wish.repeated);
  const identity::PasswordPolicy& policy = ground.in_force.policy;
  // The old password is refused as the new one, even if the policy keeps no history.
  const auto normal = identity::normal_password(wish.new_password.reveal());
  const auto is_old_one = [&](const base::Secret& candidate) {
    return proven.password.empty() ? crypto::matches(candidate, proven.credential.phc.reveal())
                                   : candidate == proven.password;
  };
  const auto is_known = [](const identity::PasswordFlaw& flaw) {
    return flaw.kind == identity::PasswordFlaw::Kind::used_before;
  };
  if (normal && std::none_of(result.judgement.flaws.begin(), result.judgement.flaws.end(), is_known) &&
      is_old_one(base::Secret(*normal))) {
    const std::int64_t counted =
        policy.history == identity::PasswordPolicy::ever ? 0 : std::max<std::int64_t>(policy.history, 1);
    result.judgement.flaws.push_back({identity::PasswordFlaw::Kind::used_before, counted, 0});
  }
  // A password that breaks the policy must be changed, even if it is younger than min_age.
  identity::PasswordFootprint footprint{proven.credential.origin, proven.credential.set_at, false};
  // A password that must be changed and was proven by the login is not known here and cannot be judged.
  footprint.breaks_policy =
      policy.min_age.count() > 0 &&
      (proven.password.empty() || !identity::find_flaws(proven.password.reveal(), policy, ground.facts).empty());
  result.judgement.not_before = identity::find_change_barrier(footprint, policy, now);
  if (result.judgement.is_fine()) result.ready = std::move(found.ready);
  return result;
}

base::Result<void> end_other_sessions(store::Tx& tx, const identity::Account& account, const base::Id& own,
                                      const RequestFacts& facts) {
  RETURN_IF_ERROR(store::raise_security_stamp(tx, account.id));
  RETURN_IF_ERROR(end_all_sessions(tx, account, &own, audit::why::password_changed, facts));
  return {};
}

struct Maker {
  const rights::Session& session;
  const identity::Account& account;
};

// The session that made the change continues under a new id and with the new stamp; must_change is cleared.
base::Result<rights::Session> renew(const House& house, store::Tx& tx, const Maker& maker,
                                    const NewSessionCookie& cookie, const RequestFacts& facts) {
  rights::Session next = maker.session;
  next.id = cookie.id;
  next.secret_hash = cookie.secret_hash;
  next.security_stamp = maker.account.security_stamp + 1;
  next.must_change = identity::MustChange::no;
  ASSIGN_OR_RETURN(const auto all, store::list_contexts(tx, maker.account.id, facts.now));
  const auto offered = rights::find_offered(all, {next.proofs, next.ip, facts.ip});
  if (!next.context_id && offered.size() == 1) next.context_id = offered.front().id;
  const auto context =
      std::find_if(offered.begin(), offered.end(), [&](const auto& one) { return one.id == next.context_id; });
  if (context == offered.end()) next.context_id.reset();
  next.last_seen = facts.now;
  next.idle_until = next.context_id ? find_idle_end(house, next, facts)
                                    : std::min(facts.now + house.settings.session.choice, next.absolute_until);
  identity::Account risen = maker.account;
  risen.security_stamp = next.security_stamp;
  RETURN_IF_ERROR(
      write_session(tx, {next, risen, context == offered.end() ? nullptr : &*context, maker.session.id}, facts));
  return next;
}

base::Result<ChangeDone> apply(const House& house, store::Tx& tx, const base::Id& session_id, const Ticket& ticket,
                               const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto current, store::find_session(tx, session_id));
  if (!current) return base::fail(base::Code::expired, "the session was replaced or has ended");
  ASSIGN_OR_RETURN(const auto account, find_holder(tx, *current, facts.now));
  if (!account) return base::fail(base::Code::login_failed, "the session has ended");
  ASSIGN_OR_RETURN(const auto stored, store::find_password(tx, account->id));
  if (!stored || stored->id != ticket.credential_id) {
    return base::fail(base::Code::expired, "the password was changed meanwhile");
  }
  const auto written = write_password(tx, *account, ticket.ready, {identity::PasswordOrigin::own}, facts.now);
  if (!written) {
    const bool other_rules = written.error().code == base::Code::conflict;
    return base::fail(other_rules ? base::Code::expired : written.error().code, written.error().reason);
  }
  RETURN_IF_ERROR(store::void_tokens(tx, account->id, "reset", facts.now));
  RETURN_IF_ERROR(end_other_sessions(tx, *account, current->id, facts));
  NewSessionCookie cookie = make_session_cookie(facts.now);
  ASSIGN_OR_RETURN(const rights::Session next, renew(house, tx, {*current, *account}, cookie, facts));
  const bool forced = current->must_change != identity::MustChange::no;
  audit::Event event = make_event(audit::type::password_set, *account, facts,
                                  {{"how", "change"},
                                   {"why", forced ? audit::Code(current->must_change) : audit::why::own_wish},
                                   {"previous_session", current->id}});
  event.actor = account->id;
  event.session = next.id;
  RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
  RETURN_IF_ERROR(notify_person(house, tx, *account, {"password_changed", facts.language}, facts.now));
  ASSIGN_OR_RETURN(const auto told_at, find_destination(tx, *account));
  return ChangeDone{std::move(cookie.value), !next.context_id.has_value(), told_at.has_value()};
}

// A change that must be made comes before the choice of a context, so that no context can forbid it.
base::Result<void> demand_allowed(const Visitor& visitor) {
  if (visitor.must_prove()) return base::fail(base::Code::denied, std::string(factor_needed));
  return visitor.actor ? demand_permission(*visitor.actor, rights::Permission::own_password) : base::Result<void>();
}

// The password of a login that has just been made with it (S0.3): the page of the change that it must make has two
// fields.
base::Result<ProvenPassword> find_just_proven(const House& house, const PendingLogin& pending) {
  return house.store.read([&](store::Tx& tx) -> base::Result<ProvenPassword> {
    ASSIGN_OR_RETURN(auto stored, store::find_password(tx, pending.account.id));
    if (!stored) return base::fail(base::Code::login_failed, "the account has no password");
    return ProvenPassword{pending.account, std::move(*stored), {}};
  });
}

}  // namespace

bool needs_old_password(const House& house, const Visitor& visitor, base::Time now) {
  return !visitor.must_change() || !is_proof_fresh(house, visitor.pending->session, now);
}

base::Result<CheckedChange> check_change(const House& house, const Visitor& visitor, const ChangeWish& wish,
                                         const RequestFacts& facts) {
  const rights::Session* session = visitor.session();
  const bool may = visitor.actor || visitor.must_change();
  if (session == nullptr || !may) return base::fail(base::Code::login_failed, "nobody is logged in");
  RETURN_IF_ERROR(demand_allowed(visitor));
  const bool is_proven = wish.old_password.empty() && !needs_old_password(house, visitor, facts.now);
  ASSIGN_OR_RETURN(const ProvenPassword proven,
                   is_proven ? find_just_proven(house, *visitor.pending)
                             : prove_old_password(house, {session->account_id}, wish.old_password, facts));
  ASSIGN_OR_RETURN(Judged judged, judge(house, proven, wish, facts.now));
  CheckedChange checked;
  if (judged.ready) {
    checked.ticket =
        seal_ticket(house, session->id, {proven.credential.id, facts.now + ticket_lasts, std::move(*judged.ready)});
  }
  checked.judgement = std::move(judged.judgement);
  return checked;
}

base::Result<ChangeDone> confirm_change(const House& house, const Visitor& visitor, const base::Secret& sealed,
                                        const RequestFacts& facts) {
  const rights::Session* session = visitor.session();
  if (session == nullptr) return base::fail(base::Code::login_failed, "nobody is logged in");
  RETURN_IF_ERROR(demand_allowed(visitor));
  ASSIGN_OR_RETURN(const Ticket ticket, open_ticket(house, session->id, sealed, facts.now));
  return house.store.write([&](store::Tx& tx) { return apply(house, tx, session->id, ticket, facts); });
}

namespace {

/// The same statements whoever there is.
base::Result<Claim> claim_program(const House& house, std::string_view typed, ProgramLogin whom, base::Time now) {
  Claim claim = claim_login(typed);
  // An id of 1 or 65 characters is looked for as well, and found by nobody.
  ASSIGN_OR_RETURN(const auto system, house.store.read([&](store::Tx& tx) -> base::Result<std::optional<base::Id>> {
    ASSIGN_OR_RETURN(const auto account, find_claimed(tx, claim, now));
    ASSIGN_OR_RETURN(
        const auto found,
        store::find_client_system(tx, typed.find('\0') == std::string_view::npos ? typed : std::string_view()));
    if (!found || (account && whom == ProgramLogin::any)) return std::nullopt;
    return found->account_id;
  }));
  if (!system && whom == ProgramLogin::any) return claim;
  claim.canonical.clear();
  claim.account_id = system;
  return claim;
}

}  // namespace

base::Result<ChangeJudgement> change_by_program(const House& house, std::string_view typed_login,
                                                const ChangeWish& wish, const RequestFacts& facts, ProgramLogin whom) {
  ASSIGN_OR_RETURN(const Claim claim, claim_program(house, typed_login, whom, facts.now));
  ASSIGN_OR_RETURN(const ProvenPassword proven, prove_old_password(house, claim, wish.old_password, facts));
  ASSIGN_OR_RETURN(const Judged judged, judge(house, proven, wish, facts.now));
  if (!judged.ready) return judged.judgement;
  const auto set = [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, proven.account.id));
    ASSIGN_OR_RETURN(const auto stored, store::find_password(tx, proven.account.id));
    if (!account || !identity::may_log_in(*account) || !stored || stored->id != proven.credential.id) {
      return base::fail(base::Code::login_failed, "account or password were changed meanwhile");
    }
    RETURN_IF_ERROR(write_password(tx, *account, *judged.ready, {identity::PasswordOrigin::own}, facts.now));
    RETURN_IF_ERROR(store::void_tokens(tx, account->id, "reset", facts.now));
    RETURN_IF_ERROR(end_sessions_of(tx, *account, audit::why::password_changed, facts));
    audit::Event event =
        make_event(audit::type::password_set, *account, facts, {{"how", "change"}, {"by", "client_program"}});
    event.actor = account->id;
    RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
    return notify_person(house, tx, *account, {"password_changed"}, facts.now);
  };
  RETURN_IF_ERROR(house.store.write(set));
  return judged.judgement;
}

}  // namespace flow
