#include "flow/oauth/authorize.hpp"

#include <algorithm>
#include <optional>

#include "base/ip_address.hpp"
#include "base/time.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/login/list_factors.hpp"
#include "flow/oauth/issue_code.hpp"
#include "flow/oauth/read_hint.hpp"
#include "flow/session/session_cookie.hpp"
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
  context
};

constexpr base::Duration longest_after_login = std::chrono::minutes(5);

struct Situation {
  const ValidRequest& request;
  const Visitor& visitor;
  const Attempt* attempt;
  const std::string& hinted_subject;  // "" = no hint
  std::int64_t level = 0;             // that the login must have: the client's, or one of acr_values within reach
  std::int64_t best_level = 0;        // that the account reaches with one more proof
  base::Time now;

  /// Whether the login is newer than the attempt, so that it fulfils what the request demanded of a login.
  [[nodiscard]] bool is_fresh() const {
    return attempt != nullptr && visitor.session() != nullptr && visitor.session()->auth_time >= attempt->begun;
  }
  [[nodiscard]] bool is_other_subject() const {
    return !hinted_subject.empty() && visitor.session()->account_id.to_string() != hinted_subject;
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
  return Need::nothing;
}

// Refusals that another login would not change.
std::optional<OAuthRefusal> find_dead_end(const Situation& is) {
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
  if (need == Need::account_choice) return {OAuthError::account_selection_required, "an account has to be chosen"};
  return {OAuthError::login_required, "a login is required"};
}

Authorization ask_person(const Situation& is, Need need) {
  if (is.request.prompt_none) return refuse_silently(need);
  LoginNeeded needed;
  if (is.attempt != nullptr) {
    needed.attempt = *is.attempt;
  } else {
    needed.attempt = begin_attempt({}, is.now);
    needed.attempt.return_to.clear();
    needed.attempt.client_id = is.request.client.client_id;
    needed.attempt.ui_locales = is.request.ui_locales;
    needed.attempt.login_hint = is.request.login_hint;
    needed.attempt.force_login = is.request.prompt_login || is.request.max_age == 0;
    needed.attempt.choose_account = is.request.prompt_select_account;
  }
  if (need == Need::forced_login) needed.attempt.force_login = true;
  needed.attempt.level = is.level;
  return needed;
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

/// The level of the client must be reached; of those of acr_values, which are a wish, the first that can be.
base::Result<void> find_levels(const House& house, store::Tx& tx, Situation& is) {
  is.level = is.request.client.level;
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

// The inputs of one authorization request, for one transaction.
struct Passage {
  const House& house;
  const AuthorizationRequest& request;
  const Attempt* attempt;
  const std::optional<base::Result<IdTokenHint>>& hint;
  const RequestFacts& facts;
};

// The registered addresses are for those who can change them, and for a developer at this machine.
bool may_see_registered(const Visitor& visitor, const rights::Client& client, const RequestFacts& facts) {
  const auto& actor = visitor.actor;
  if (actor && actor->may(rights::Permission::manage_clients) && actor->reaches(client.tenant_id)) return true;
  const auto address = base::IpAddress::parse(facts.ip);
  return address && address->is_loopback();
}

// `client`: the one that the request names; nullptr = there is none.
base::Result<Authorization> refuse_with_page(const Passage& is, store::Tx& tx, std::string_view session_cookie,
                                             const rights::Client* client, PageRefusal page) {
  if (client == nullptr) return Authorization(std::move(page));
  page.application = rights::name_in(*client, text::code_of(is.facts.language));
  if (!page.uris) return Authorization(std::move(page));
  Visitor visitor;
  if (!session_cookie.empty()) {
    ASSIGN_OR_RETURN(visitor, find_visitor(is.house, tx, session_cookie, is.facts));
  }
  if (!may_see_registered(visitor, *client, is.facts)) {
    page.uris->registered.clear();
    for (rights::UriPiece& piece : page.uris->named) piece.differs = false;
  }
  return Authorization(std::move(page));
}

/// Whether a test login (trial_path) is asked for by somebody who does not administer the client.
bool is_strangers_trial(const Passage& is, const ValidRequest& request, const rights::Actor& actor) {
  if (request.redirect_uri != is.house.settings.site.issuer + std::string(trial_path)) return false;
  return !actor.may(rights::Permission::manage_clients) || !actor.reaches(request.client.tenant_id);
}

base::Result<Authorization> decide(const Passage& is, store::Tx& tx, std::string_view session_cookie) {
  ASSIGN_OR_RETURN(const auto client, store::find_client(tx, std::string_view(is.request.client_id)));
  const RequestJudgement judgement =
      validate_request(is.request, client ? &*client : nullptr, is.house.settings.site.issuer);
  if (const auto* page = std::get_if<PageRefusal>(&judgement)) {
    return refuse_with_page(is, tx, session_cookie, client ? &*client : nullptr, *page);
  }
  if (const auto* refusal = std::get_if<OAuthRefusal>(&judgement)) return Authorization(*refusal);
  const auto& valid = std::get<ValidRequest>(judgement);
  if (is.hint && !*is.hint) {
    return Authorization(OAuthRefusal{OAuthError::invalid_request, "id_token_hint is not one of our ID tokens"});
  }
  const std::string hinted_subject = is.hint ? (*is.hint)->subject : std::string();
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
  Situation situation{valid, visitor, is.attempt, hinted_subject, 0, 0, is.facts.now};
  RETURN_IF_ERROR(find_levels(is.house, tx, situation));
  if (const auto dead_end = find_dead_end(situation)) return Authorization(*dead_end);
  if (const Need need = find_need(situation); need != Need::nothing) return ask_person(situation, need);

  if (is_strangers_trial(is, valid, *visitor.actor)) {
    return Authorization(OAuthRefusal{OAuthError::access_denied, "a test login is for administrators of the client"});
  }
  ASSIGN_OR_RETURN(auto issued, issue_code(is.house, tx, valid, *visitor.actor, is.facts));
  if (const auto* refusal = std::get_if<rights::Refusal>(&issued)) return refuse(situation, *refusal);
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
