#include "flow/login/login_password.hpp"

#include <algorithm>
#include <optional>

#include "audit/event.hpp"
#include "crypto/password_hash.hpp"
#include "flow/house/record.hpp"
#include "flow/login/judge_login.hpp"
#include "flow/proof/password_proof.hpp"
#include "flow/session/known_device.hpp"
#include "flow/session/logout.hpp"
#include "flow/session/session_cookie.hpp"
#include "flow/session/session_settings.hpp"
#include "flow/session/write_session.hpp"
#include "rights/context.hpp"
#include "rights/session.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/account/statistics.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/password/passwords.hpp"
#include "store/proof/throttling.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

constexpr std::size_t longest_user_agent = 256;

// What a login finds besides the proof, in the writing transaction.
struct Ground {
  std::vector<rights::ActingContext> offered;
  LoginVerdict verdict;

  // No context is open before a password change that must be made, not even the only one.
  [[nodiscard]] const rights::ActingContext* only_context() const {
    const bool is_clear = verdict.must_change == identity::MustChange::no && offered.size() == 1;
    return is_clear ? &offered.front() : nullptr;
  }
};

struct Opened {
  bool refused = false;
  bool rehash = false;
  base::Id account_id;
  LoginDone done;
};

// One login by password, from the comparison to the session.
class Login {
 public:
  Login(Proving& proving, const PasswordLogin& wished, PasswordProof& proof)
      : proving_(proving), house_(proving.house), facts_(proving.facts), wished_(wished), proof_(proof) {}

  // May run again, because it sets only members of this object, and sets all of them.
  base::Result<Opened> decide(store::Tx& tx) {
    ground_ = {};
    const auto further = [this](store::Tx& inside, const identity::Account& account, bool is_proven) {
      return find_further_reason(inside, account, is_proven);
    };
    ASSIGN_OR_RETURN(settled_, settle_proof(proving_, tx, proof_, further));
    Opened opened;
    opened.refused = !settled_.refusal.empty();
    if (opened.refused) return opened;
    const NewSessionCookie cookie = make_session_cookie(facts_.now);
    ASSIGN_OR_RETURN(RememberedDevice device, remember_device(house_, tx, settled_.account.id, facts_));
    const rights::Session session = make_session(cookie, device.id);
    RETURN_IF_ERROR(insert_or_replace(tx, session));
    RETURN_IF_ERROR(forget_when_complete(proving_, tx, settled_, session.proofs));
    RETURN_IF_ERROR(note_rules(tx, settled_.account.id, ground_.verdict));
    RETURN_IF_ERROR(record_success(tx, session));
    opened.done.device_cookie = std::move(device.cookie);
    opened.done.session_cookie = cookie.value;
    opened.done.needs_context = ground_.only_context() == nullptr;
    opened.done.must_change = ground_.verdict.must_change;
    opened.rehash = crypto::needs_rehash(proof_.phc().reveal(), house_.settings.password_hash);
    opened.account_id = settled_.account.id;
    return opened;
  }

 private:
  base::Result<audit::Code> find_further_reason(store::Tx& tx, const identity::Account& account, bool is_proven) {
    ASSIGN_OR_RETURN(const auto all, store::list_contexts(tx, account.id, facts_.now));
    const PasswordToJudge password{proof_.stored() ? &*proof_.stored() : nullptr, proof_.password(), is_proven};
    ASSIGN_OR_RETURN(ground_.verdict, find_verdict(tx, account, password, facts_.now));
    const rights::Proofs proofs(proof_.method());
    ground_.offered = rights::find_offered(all, {proofs, facts_.ip, facts_.ip});
    return ground_.offered.empty() ? audit::Code("no_context") : ground_.verdict.refusal;
  }

  [[nodiscard]] rights::Session make_session(const NewSessionCookie& cookie, const base::Id& device) const {
    const SessionSettings& policy = house_.settings.session;
    const rights::ActingContext* context = ground_.only_context();
    rights::Session session;
    session.id = cookie.id;
    session.secret_hash = cookie.secret_hash;
    session.account_id = settled_.account.id;
    session.device_id = device;
    if (context != nullptr) session.context_id = context->id;
    session.proofs = rights::Proofs(proof_.method());
    session.auth_time = session.created_at = session.last_seen = facts_.now;
    session.absolute_until = facts_.now + policy.absolute;
    session.idle_until =
        std::min(facts_.now + (context != nullptr ? policy.idle : policy.choice), session.absolute_until);
    session.security_stamp = settled_.account.security_stamp;
    session.must_change = ground_.verdict.must_change;
    session.ip = facts_.ip;
    session.user_agent = facts_.user_agent.substr(0, longest_user_agent);
    return session;
  }

  // The old session of this browser becomes the new one if it belongs to the same account; otherwise it ends.
  base::Result<void> insert_or_replace(store::Tx& tx, const rights::Session& session) const {
    SessionToWrite wish{session, settled_.account, ground_.only_context()};
    const auto old_cookie = parse_session_cookie(wished_.replaced_cookie);
    if (old_cookie) {
      ASSIGN_OR_RETURN(const std::optional<rights::Session> old, store::find_session(tx, old_cookie->id));
      if (old && base::equal_in_constant_time(old->secret_hash, old_cookie->secret_hash)) {
        const bool is_same = old->account_id == session.account_id && old->security_stamp == session.security_stamp &&
                             facts_.now < old->absolute_until && facts_.now < old->idle_until;
        if (is_same) {
          wish.replaces = old->id;
        } else {
          RETURN_IF_ERROR(end_unknown_session(tx, *old, {audit::type::session_end, audit::why::other_login}, facts_));
        }
      }
    }
    return write_session(tx, wish, facts_);
  }

  base::Result<void> record_success(store::Tx& tx, const rights::Session& session) const {
    const identity::Account& account = settled_.account;
    // Counted only here, because a code that is issued for an open session is not a login (S4.18).
    const std::string_view realm = wished_.client_id.empty() ? "own" : "other";
    RETURN_IF_ERROR(store::record_login(tx, account.id, realm, true, facts_.ip, facts_.now));
    if (account.first_language.empty()) {
      RETURN_IF_ERROR(store::set_first_language(tx, account.id, text::code_of(facts_.language)));
    }
    const rights::ActingContext* context = ground_.only_context();
    const identity::MustChange must_change = ground_.verdict.must_change;
    audit::Event event =
        make_event(audit::type::login, account, facts_,
                   {{"method", proof_.method()},
                    {"chosen", context != nullptr ? audit::Code("only_context") : audit::Code()},
                    {"must_change", must_change == identity::MustChange::no ? audit::Code() : audit::Code(must_change)},
                    {"device_id", session.device_id}},
                   wished_.typed_login);
    event.actor = account.id;
    event.session = session.id;
    event.client = wished_.client_id;
    if (context != nullptr) event.context = context->key;
    return store::append_event(tx, std::move(event));
  }

  Proving& proving_;
  const House& house_;
  const RequestFacts& facts_;
  const PasswordLogin& wished_;
  PasswordProof& proof_;
  Settled settled_;
  Ground ground_;
};

}  // namespace

base::Result<LoginDone> login_password(const House& house, const PasswordLogin& wished, const RequestFacts& facts) {
  const Claim claim = claim_login(wished.typed_login);
  ASSIGN_OR_RETURN(Proving proving,
                   begin_proof(house, facts, {.event = audit::type::login, .client_id = wished.client_id}, claim));
  ASSIGN_OR_RETURN(PasswordProof proof, compare_password(proving, claim, wished.password));
  Login login(proving, wished, proof);
  ASSIGN_OR_RETURN(Opened opened, house.store.write([&](store::Tx& tx) { return login.decide(tx); }));
  if (opened.refused) return refuse_login();
  if (opened.rehash) {
    // Done after the login, so that only the owner waits for it; after a failure the old hash stays.
    if (const auto phc = crypto::hash_password(proof.password(), house.settings.password_hash)) {
      (void)house.store.write(
          [&](store::Tx& tx) { return store::replace_hash(tx, opened.account_id, proof.phc(), base::Secret(*phc)); });
    }
  }
  return std::move(opened.done);
}

}  // namespace flow
