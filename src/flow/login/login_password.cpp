#include "flow/login/login_password.hpp"

#include <algorithm>
#include <optional>

#include "audit/event.hpp"
#include "flow/house/record.hpp"
#include "flow/login/judge_login.hpp"
#include "flow/proof/throttle_login.hpp"
#include "flow/session/known_device.hpp"
#include "flow/session/logout.hpp"
#include "flow/session/session_cookie.hpp"
#include "identity/identifier/login_name.hpp"
#include "rights/context.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/account/statistics.hpp"
#include "store/audit/audit_log.hpp"
#include "store/password/passwords.hpp"
#include "store/proof/throttling.hpp"
#include "store/session/sessions.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr std::string_view method = "password";
constexpr std::int64_t level_of_password = 1;
constexpr std::string_view amr_of_password = "pwd";  // RFC 8176

struct Found {
  std::optional<identity::Account> account;
  std::optional<store::PasswordCredential> password;
};

struct Attempted {
  std::string canonical;  // "" = cannot be the login of anyone
  std::string_view typed;
  bool proven = false;                 // the password is right
  base::Secret phc;                    // of the credential that was compared
  std::optional<base::Id> account_id;  // whose it is
};

base::Result<Found> find_by_login(store::Tx& tx, const std::string& canonical, base::Time now) {
  Found found;
  if (canonical.empty()) return found;
  ASSIGN_OR_RETURN(found.account, store::find_account_by_login(tx, canonical, now));
  if (!found.account) {
    // The same statements as for one who is there.
    RETURN_IF_ERROR(store::find_account(tx, base::Id()));
    RETURN_IF_ERROR(store::find_password(tx, base::Id()));
    return found;
  }
  ASSIGN_OR_RETURN(found.password, store::find_password(tx, found.account->id));
  return found;
}

// The account that the name led to, as it is now. Whose name it has become meanwhile does not matter: it is this
// account's password that was compared.
base::Result<Found> find_again(store::Tx& tx, const Attempted& attempted, base::Time now) {
  if (!attempted.account_id) return find_by_login(tx, attempted.canonical, now);
  Found found;
  ASSIGN_OR_RETURN(found.account, store::find_account(tx, *attempted.account_id));
  if (found.account) {
    ASSIGN_OR_RETURN(found.password, store::find_password(tx, found.account->id));
  }
  return found;
}

Claimed claimed_by(const Found& found, const Attempted& attempted) {
  return {found.account ? &*found.account : nullptr, attempted.canonical};
}

// "" = may log in. The order matters only for the audit log.
std::string_view find_reason(const Found& found, const Attempted& attempted, const Standing& standing) {
  if (!found.account) return "unknown_login";
  if (found.account->status == identity::AccountStatus::deleted) return "deleted";
  if (!identity::may_log_in(*found.account)) return "suspended";
  if (!standing.bar.empty()) return standing.bar;
  if (!found.password) return "no_password";
  if (!attempted.proven) return "wrong_password";
  // Compared with one hash, and meanwhile there is another: the proof is void.
  if (!(found.password->phc == attempted.phc)) return "password_changed";
  return {};
}

// A login that a relying party began counts as one there; its success is recorded with the code (issue_code).
std::string_view realm_of(std::string_view client_id) {
  return client_id.empty() ? "own" : "other";
}

base::Result<void> record_failure(const House& house, store::Tx& tx, const RequestFacts& facts, const Found& found,
                                  const Attempted& attempted, const Standing& standing, std::string_view reason,
                                  std::string_view client_id) {
  const std::string who = found.account ? found.account->id.to_string() : "unknown";
  const base::Bytes bucket = house.master.authenticate("throttle", "failure|" + who + "|" + facts.ip);
  ASSIGN_OR_RETURN(const std::int64_t count, store::count_in_window(tx, bucket, std::chrono::minutes(1), facts.now));
  // Counted whatever the reason: the work and the rows written do not tell a suspended account from another.
  RETURN_IF_ERROR(count_failure(house, tx, claimed_by(found, attempted), standing, facts));
  base::Id tenant_id;
  if (found.account) {
    tenant_id = found.account->tenant_id;
    RETURN_IF_ERROR(store::record_login(tx, found.account->id, realm_of(client_id), false, facts.ip, facts.now));
  } else {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    tenant_id = tenant.id;
    // As a known account's statistics are written.
    const base::Bytes name = house.master.authenticate("throttle", "name|" + attempted.canonical);
    RETURN_IF_ERROR(store::count_in_window(tx, name, std::chrono::minutes(1), facts.now));
  }
  if (!is_written(count, house.settings.failures_audited_each_minute)) return {};
  const std::string total = count > house.settings.failures_audited_each_minute ? std::to_string(count) : "";
  audit::Event event = make_event(audit::type::login, tenant_id, found.account ? found.account->id : base::Id(), facts,
                                  {{"method", method}, {"reason", reason}, {"in_this_minute", total}}, attempted.typed);
  event.outcome = "failure";
  event.client = client_id;
  return store::append_event(tx, std::move(event));
}

// The session that this browser had goes: into the new one if it is the same person's, else to its end.
base::Result<void> insert_or_replace(store::Tx& tx, const rights::Session& session, const base::Id& tenant_id,
                                     std::string_view replaced_cookie, const RequestFacts& facts) {
  const auto old_cookie = parse_session_cookie(replaced_cookie);
  if (old_cookie) {
    ASSIGN_OR_RETURN(const std::optional<rights::Session> old, store::find_session(tx, old_cookie->id));
    if (old && base::equal_in_constant_time(old->secret_hash, old_cookie->secret_hash)) {
      if (old->account_id == session.account_id && old->security_stamp == session.security_stamp &&
          facts.now < old->absolute_until) {
        return store::replace_session(tx, old->id, session);
      }
      RETURN_IF_ERROR(end_session(tx, *old, tenant_id, audit::type::session_end, audit::why::other_login, facts));
    }
  }
  return store::insert_session(tx, session);
}

struct Opened {
  bool refused = false;
  bool needs_context = false;
  identity::MustChange must_change = identity::MustChange::no;
  bool rehash = false;
  base::Secret cookie;
  base::Secret device_cookie;
  base::Id account_id;
};

base::Result<Opened> open_session(const House& house, store::Tx& tx, const RequestFacts& facts, const Found& found,
                                  const Attempted& attempted, const Standing& standing, const LoginVerdict& verdict,
                                  const rights::ActingContext* only_context, std::string_view replaced_cookie,
                                  std::string_view client_id) {
  const identity::Account& account = *found.account;
  NewSessionCookie cookie = make_session_cookie(facts.now);
  const rights::SessionPolicy& policy = house.settings.session;
  rights::Session session;
  session.id = cookie.id;
  session.secret_hash = cookie.secret_hash;
  session.account_id = account.id;
  if (only_context != nullptr) session.context_id = only_context->id;
  session.method = method;
  session.level = level_of_password;
  session.amr = amr_of_password;
  session.auth_time = session.created_at = session.last_seen = facts.now;
  session.absolute_until = facts.now + policy.absolute;
  session.idle_until =
      std::min(facts.now + (only_context != nullptr ? policy.idle : policy.choice), session.absolute_until);
  session.security_stamp = account.security_stamp;
  session.must_change = verdict.must_change;
  session.ip = facts.ip;
  session.user_agent = facts.user_agent.substr(0, 256);
  RETURN_IF_ERROR(insert_or_replace(tx, session, account.tenant_id, replaced_cookie, facts));
  RETURN_IF_ERROR(forget_failures(house, tx, account, standing));
  RETURN_IF_ERROR(note_rules(tx, account.id, verdict));
  if (client_id.empty()) RETURN_IF_ERROR(store::record_login(tx, account.id, "own", true, facts.ip, facts.now));

  const std::string_view must_change =
      verdict.must_change == identity::MustChange::no ? std::string_view() : name_of(verdict.must_change);
  audit::Event event = make_event(
      audit::type::login, account.tenant_id, account.id, facts,
      {{"method", method}, {"chosen", only_context != nullptr ? "only_context" : ""}, {"must_change", must_change}},
      attempted.typed);
  event.actor = account.id;
  event.session = session.id;
  event.client = client_id;
  if (only_context != nullptr) event.context = only_context->key;
  RETURN_IF_ERROR(store::append_event(tx, std::move(event)));

  Opened opened;
  ASSIGN_OR_RETURN(opened.device_cookie, remember_device(house, tx, account.id, facts));
  opened.needs_context = only_context == nullptr;
  opened.must_change = verdict.must_change;
  opened.rehash = crypto::needs_rehash(attempted.phc.reveal(), house.settings.password_hash);
  opened.cookie = std::move(cookie.value);
  opened.account_id = account.id;
  return opened;
}

base::Result<Opened> decide(const House& house, store::Tx& tx, const RequestFacts& facts, const Attempted& attempted,
                            const base::Secret& password, std::string_view replaced_cookie,
                            std::string_view client_id) {
  // Read again inside the transaction: what was true before the hash may not be true now (security rule 8).
  ASSIGN_OR_RETURN(const Found found, find_again(tx, attempted, facts.now));
  ASSIGN_OR_RETURN(const Standing standing,
                   find_standing(house, tx, claimed_by(found, attempted), Proof::password, facts));
  std::string_view reason = find_reason(found, attempted, standing);
  std::vector<rights::ActingContext> offered;
  if (reason.empty()) {
    ASSIGN_OR_RETURN(const auto all, store::list_contexts(tx, found.account->id, facts.now));
    offered = rights::find_offered(all, method, level_of_password);
    if (offered.empty()) reason = "no_context";
  }
  LoginVerdict verdict;
  if (reason.empty()) {
    ASSIGN_OR_RETURN(verdict, find_verdict(tx, *found.account, *found.password, password, facts.now));
    reason = verdict.refusal;
  }
  if (!reason.empty()) {
    RETURN_IF_ERROR(record_failure(house, tx, facts, found, attempted, standing, reason, client_id));
    Opened refused;
    refused.refused = true;
    return refused;
  }
  // Before a change that must be made nothing is open, not even the only context.
  const bool is_clear = verdict.must_change == identity::MustChange::no && offered.size() == 1;
  return open_session(house, tx, facts, found, attempted, standing, verdict, is_clear ? &offered.front() : nullptr,
                      replaced_cookie, client_id);
}

}  // namespace

base::Result<LoginDone> login_password(const House& house, const RequestFacts& facts, std::string_view typed_login,
                                       const base::Secret& typed_password, std::string_view replaced_cookie,
                                       std::string_view client_id) {
  Attempted attempted;
  attempted.typed = typed_login;
  if (auto canonical = identity::canonical_login(typed_login)) attempted.canonical = std::move(*canonical);
  auto normal = identity::normal_password(typed_password.reveal());
  // What can be nobody's password is hashed all the same, as one fixed text: the work must not differ.
  const bool possible = normal.has_value();
  const base::Secret password(possible ? std::move(*normal) : std::string("-"));

  ASSIGN_OR_RETURN(const Found before,
                   house.store.read([&](store::Tx& tx) { return find_by_login(tx, attempted.canonical, facts.now); }));
  if (before.account) attempted.account_id = before.account->id;
  if (before.password) {
    attempted.proven = crypto::matches(password, before.password->phc.reveal()) && possible;
    attempted.phc = before.password->phc;
  } else {
    crypto::do_decoy_work(password, house.settings.password_hash);
  }

  ASSIGN_OR_RETURN(Opened opened, house.store.write([&](store::Tx& tx) {
    return decide(house, tx, facts, attempted, password, replaced_cookie, client_id);
  }));
  if (opened.refused) return base::fail(base::Code::login_failed, "see the audit log");
  if (opened.rehash) {
    // After the login, so that only the owner ever waits for it; a failure here only leaves the old hash.
    if (const auto phc = crypto::hash_password(password, house.settings.password_hash)) {
      (void)house.store.write(
          [&](store::Tx& tx) { return store::replace_hash(tx, opened.account_id, attempted.phc, base::Secret(*phc)); });
    }
  }
  return LoginDone{std::move(opened.cookie), opened.needs_context, std::move(opened.device_cookie), opened.must_change};
}

}  // namespace flow
