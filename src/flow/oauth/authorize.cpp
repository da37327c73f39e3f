#include "flow/oauth/authorize.hpp"

#include <algorithm>
#include <optional>

#include "base/time.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/login/list_factors.hpp"
#include "flow/oauth/consent.hpp"
#include "flow/oauth/explain_refusal.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "flow/oauth/issue_code.hpp"
#include "flow/oauth/read_hint.hpp"
#include "flow/resource/find_access.hpp"
#include "flow/session/session_cookie.hpp"
#include "flow/session/subject.hpp"
#include "rights/session.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"

namespace flow {
namespace {

enum class Need : std::uint8_t {
  nothing,
  login,
  forced_login,
  account_choice,
  factor,  // one more proof
  context,
  consent
};

constexpr base::Duration longest_after_login = std::chrono::minutes(5);

struct Situation {
  const ValidRequest& request;
  const Visitor& visitor;
  const Attempt* attempt;
  /// Whom the hint and the claim `sub` name; nullopt = a subject that is nobody's.
  std::vector<std::optional<base::Id>> named{};
  std::int64_t level = 0;       // that the login must have: the client's, an essential one, or a wish within reach
  std::int64_t best_level = 0;  // that the account reaches with one more proof
  std::string items{};          // that the person agrees to
  bool is_consent_open = false;
  base::Time now{};

  /// Whether the login is newer than the attempt, so that it fulfils what the request demanded of a login.
  [[nodiscard]] bool is_fresh() const {
    return attempt != nullptr && visitor.session() != nullptr && visitor.session()->auth_time >= attempt->begun;
  }
  [[nodiscard]] bool is_other_subject() const {
    return std::any_of(named.begin(), named.end(),
                       [&](const auto& one) { return one != std::optional(visitor.session()->account_id); });
  }
  /// OIDC Core §3.1.2.1, max_age. The login that the request asked for may be older by the time in which a person
  /// chooses the context or changes the password after it.
  [[nodiscard]] bool is_too_old() const {
    if (!request.max_age) return false;
    const base::Duration age = now - visitor.session()->auth_time;
    return age > std::chrono::seconds(*request.max_age) && !(is_fresh() && age <= longest_after_login);
  }
  [[nodiscard]] bool is_too_weak() const { return visitor.session()->proofs.level() < level; }
  [[nodiscard]] bool is_out_of_reach() const { return is_too_weak() && best_level < level; }
};

Need find_need(const Situation& is) {
  const rights::Session* session = is.visitor.session();
  if (session == nullptr) return Need::login;
  if (is.is_too_old()) return Need::forced_login;
  const bool must_log_in = is.request.prompt_login || is.is_other_subject() || is.is_out_of_reach() ||
                           (is.attempt != nullptr && is.attempt->force_login);
  if (must_log_in && !is.is_fresh()) return Need::forced_login;
  const bool has_chosen = is.is_fresh() || (is.attempt != nullptr && !is.attempt->choose_account);
  if (is.request.prompt_select_account && !has_chosen) return Need::account_choice;
  if (is.visitor.must_prove() || is.is_too_weak()) return Need::factor;
  if (!is.visitor.actor) return Need::context;
  if (is.is_consent_open) return Need::consent;
  return Need::nothing;
}

// Refusals that another login would not change.
std::optional<OAuthRefusal> find_dead_end(const Situation& is) {
  if (is.attempt != nullptr && is.attempt->is_refused) {
    return OAuthRefusal{OAuthError::access_denied, "the person did not agree"};
  }
  if (is.request.essential_levels && is.request.essential_levels->empty()) {
    return OAuthRefusal{OAuthError::unmet_authentication_requirements, "no login reaches such an acr"};
  }
  if (!is.is_fresh()) return {};
  if (is.is_other_subject()) return OAuthRefusal{OAuthError::login_required, "somebody else has logged in"};
  if (is.is_out_of_reach()) {
    return OAuthRefusal{OAuthError::unmet_authentication_requirements,
                        "the login does not reach the level of this client"};
  }
  return {};
}

// OIDC Core §3.1.2.6: the error that prompt=none gets instead of a page.
OAuthRefusal refuse_silently(Need need) {
  if (need == Need::factor) return {OAuthError::interaction_required, "a second factor has to be given"};
  if (need == Need::context) return {OAuthError::interaction_required, "an acting context has to be chosen"};
  if (need == Need::consent) return {OAuthError::consent_required, "the person has to agree"};
  if (need == Need::account_choice) return {OAuthError::account_selection_required, "an account has to be chosen"};
  return {OAuthError::login_required, "a login is required"};
}

Attempt attempt_of(const Situation& is) {
  if (is.attempt != nullptr) return *is.attempt;
  Attempt attempt = begin_attempt({}, is.now);
  attempt.return_to.clear();
  attempt.client_id = is.request.client.client_id;
  attempt.ui_locales = is.request.ui_locales;
  attempt.login_hint = is.request.login_hint;
  attempt.force_login = is.request.prompt_login || is.request.max_age == 0;
  attempt.choose_account = is.request.prompt_select_account;
  return attempt;
}

Authorization ask_person(const Situation& is, Need need) {
  if (is.request.prompt_none) return refuse_silently(need);
  Attempt attempt = attempt_of(is);
  if (need == Need::consent) {
    attempt.consent = is.items;
    return ConsentNeeded{std::move(attempt)};
  }
  if (need == Need::forced_login) attempt.force_login = true;
  attempt.level = is.level;
  return LoginNeeded{std::move(attempt)};
}

Authorization refuse(const Situation& is, rights::Refusal refusal) {
  switch (refusal) {
    case rights::Refusal::session_ended: return ask_person(is, Need::login);
    case rights::Refusal::no_context: return ask_person(is, Need::context);
    case rights::Refusal::factor_missing: return ask_person(is, Need::factor);
    case rights::Refusal::level_too_low:
      return OAuthRefusal{OAuthError::unmet_authentication_requirements,
                          "the login does not reach the level that is needed"};
    default: return OAuthRefusal{OAuthError::access_denied, "access is denied"};
  }
}

/// The level of the client must be reached, and one of those that are essential; of those that are a wish, the first
/// that can be.
base::Result<void> find_levels(const House& house, store::Tx& tx, Situation& is) {
  is.level = is.request.client.level;
  if (is.request.essential_levels && !is.request.essential_levels->empty()) {
    is.level = std::max(is.level, is.request.essential_levels->front());
  }
  if (is.visitor.session() == nullptr) return {};
  const rights::Proofs& proofs = is.visitor.session()->proofs;
  is.best_level = proofs.level();
  const bool is_more_wished = std::any_of(is.request.levels.begin(), is.request.levels.end(),
                                          [&](std::int64_t one) { return one > is.best_level; });
  if (is.level <= is.best_level && !is_more_wished) return {};
  ASSIGN_OR_RETURN(is.best_level, find_best_level(house, tx, *is.visitor.holder(), proofs));
  const auto wished = std::find_if(is.request.levels.begin(), is.request.levels.end(),
                                   [&](std::int64_t one) { return one <= is.best_level; });
  if (wished != is.request.levels.end()) is.level = std::max(is.level, *wished);
  return {};
}

/// Whom the request names (OIDC Core §3.1.2.1 id_token_hint, §5.5.1 a value of `sub`).
base::Result<void> find_named(store::Tx& tx, const std::optional<base::Result<IdTokenHint>>& hint, Situation& is) {
  const auto add = [&](std::string_view subject) -> base::Result<void> {
    if (subject.empty()) return {};
    ASSIGN_OR_RETURN(const auto account, find_account_of_subject(tx, is.request.client, subject));
    is.named.push_back(account);
    return {};
  };
  RETURN_IF_ERROR(add(hint ? (*hint)->subject : std::string()));
  return add(is.request.subject);
}

/// What the person has to agree to, and whether that is still open. prompt=consent is fulfilled by a consent that is
/// newer than the attempt.
base::Result<void> find_consent(store::Tx& tx, Situation& is) {
  if (!is.visitor.actor) return {};
  const rights::Client& client = is.request.client;
  const base::Id& account = is.visitor.actor->account().id;
  is.items = list_consent_items(is.request.scope, is.request.wish);
  ASSIGN_OR_RETURN(const std::string missing, find_missing_consent(tx, client, account, is.items));
  is.is_consent_open = !missing.empty();
  if (is.is_consent_open || !is.request.prompt_consent) return {};
  ASSIGN_OR_RETURN(const auto last, find_last_consent(tx, client, account));
  is.is_consent_open = is.attempt == nullptr || !last || *last < is.attempt->begun;
  return {};
}

/// Whether may_issue refuses whatever the person agrees to. Then nobody is asked; issue_code refuses and records it.
base::Result<bool> is_refused_anyway(store::Tx& tx, const Situation& is) {
  const rights::Actor& actor = *is.visitor.actor;
  Issuance issuance{{}, {}, actor.account(), is.request.client, actor.session(), actor.context()};
  RETURN_IF_ERROR(judge(tx, issuance, is.now));
  return issuance.refusal.has_value();
}

// The inputs of one authorization request, for one transaction.
struct Passage {
  const House& house;
  const AuthorizationRequest& request;
  const Attempt* attempt;
  const std::optional<base::Result<IdTokenHint>>& hint;
  const RequestFacts& facts;
};

/// Whether it is a test login, whose answer goes to a page of this server.
bool is_trial(const Passage& is, const ValidRequest& request) {
  return request.redirect_uri == is.house.settings.site.issuer + std::string(trial_path);
}

/// Whether a test login (trial_path) is asked for by somebody who does not administer the client.
bool is_strangers_trial(const Passage& is, const ValidRequest& request, const rights::Actor& actor) {
  if (!is_trial(is, request)) return false;
  return !actor.may(rights::Permission::manage_clients) || !actor.reaches(request.client.tenant_id);
}

/// Resources that do not exist are refused; of the scope stays what one of them has (RFC 8707 §2.1).
base::Result<std::optional<OAuthRefusal>> judge_resources(const House& house, store::Tx& tx, ValidRequest& valid) {
  using Outcome = std::optional<OAuthRefusal>;
  if (valid.resource.empty() && valid.scope.find(':') == std::string::npos) return Outcome();
  ASSIGN_OR_RETURN(auto judged,
                   flow::judge_resources(house, tx, valid.client, {.resource = valid.resource, .scope = valid.scope}));
  if (!judged.refused.empty()) return Outcome({OAuthError::invalid_target, "no such resource"});
  valid.resource = std::move(judged.resource);
  valid.scope = std::move(judged.scope);
  if (valid.scope.empty()) return Outcome({OAuthError::invalid_scope, "no scope that this client may have"});
  return Outcome();
}

base::Result<Authorization> decide(const Passage& is, store::Tx& tx, std::string_view session_cookie) {
  ASSIGN_OR_RETURN(const auto client, store::find_client(tx, std::string_view(is.request.client_id)));
  RequestJudgement judgement = validate_request(is.request, client ? &*client : nullptr, is.house.settings.site.issuer);
  if (const auto* page = std::get_if<PageRefusal>(&judgement)) {
    if (!client) return Authorization(*page);
    ASSIGN_OR_RETURN(PageRefusal shown, explain_refusal(is.house, tx, {*client, session_cookie, is.facts}, *page));
    return Authorization(std::move(shown));
  }
  if (const auto* refusal = std::get_if<OAuthRefusal>(&judgement)) return Authorization(*refusal);
  auto valid = std::get<ValidRequest>(std::move(judgement));
  if (is.hint && (!*is.hint || (*is.hint)->client_id != valid.client.client_id)) {
    return Authorization(OAuthRefusal{OAuthError::invalid_request, "id_token_hint is not an ID token of this client"});
  }
  if (valid.client.is_pairwise && find_sector(valid.client).empty()) {
    return Authorization(OAuthRefusal{OAuthError::unauthorized_client, "a pairwise client needs one sector"});
  }
  ASSIGN_OR_RETURN(const auto refusal_of_resources, judge_resources(is.house, tx, valid));
  if (refusal_of_resources) return Authorization(*refusal_of_resources);
  Visitor visitor;
  if (!session_cookie.empty()) {
    ASSIGN_OR_RETURN(visitor, find_visitor(is.house, tx, session_cookie, is.facts));
  }
  // An application would take the token for the person's own login.
  if (visitor.actor && visitor.actor->is_acting()) {
    if (valid.prompt_none) return Authorization(OAuthRefusal{OAuthError::access_denied, "access is denied"});
    return Authorization(PageRefusal{
        .text_key = "oidc.error.acting", .reason = "the session acts for another person", .is_denied = true});
  }
  Situation situation{.request = valid, .visitor = visitor, .attempt = is.attempt, .now = is.facts.now};
  RETURN_IF_ERROR(find_named(tx, is.hint, situation));
  RETURN_IF_ERROR(find_levels(is.house, tx, situation));
  // The application learns nothing from a test login.
  if (!is_trial(is, valid)) RETURN_IF_ERROR(find_consent(tx, situation));
  if (const auto dead_end = find_dead_end(situation)) return Authorization(*dead_end);
  Need need = find_need(situation);
  if (need == Need::consent) {
    ASSIGN_OR_RETURN(const bool is_refused, is_refused_anyway(tx, situation));
    if (is_refused) need = Need::nothing;
  }
  if (need != Need::nothing) return ask_person(situation, need);

  if (is_strangers_trial(is, valid, *visitor.actor)) {
    return Authorization(OAuthRefusal{OAuthError::access_denied, "a test login is for administrators of the client"});
  }
  ASSIGN_OR_RETURN(auto issued, issue_code(is.house, tx, valid, *visitor.actor, is.facts));
  if (const auto* refusal = std::get_if<rights::Refusal>(&issued)) return refuse(situation, *refusal);
  if (const auto* refusal = std::get_if<OAuthRefusal>(&issued)) return Authorization(*refusal);
  return Authorization(CodeIssued{std::get<std::string>(std::move(issued))});
}

}  // namespace

base::Result<Authorization> authorize(const House& house, const AuthorizationRequest& request, const Attempt* attempt,
                                      std::string_view session_cookie, const RequestFacts& facts) {
  std::optional<base::Result<IdTokenHint>> hint;  // its signature is checked before the transaction
  const std::size_t size = request.id_token_hint.size();
  if (size > 0 && size <= longest_hint) hint = read_hint(house, request.id_token_hint, facts.now);
  const Passage passage{house, request, attempt, hint, facts};
  // Without a session nothing is issued.
  if (!parse_session_cookie(session_cookie)) {
    return house.store.read([&](store::Tx& tx) { return decide(passage, tx, {}); });
  }
  return house.store.write([&](store::Tx& tx) { return decide(passage, tx, session_cookie); });
}

}  // namespace flow
