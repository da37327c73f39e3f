// A house with everything from which something is issued, and the steps of each flow. A step gives "" if something was
// issued or told, the name of the refusal, or `no_input` if an earlier step gave it nothing to begin with.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "flow/account/change_groups.hpp"
#include "flow/grant/client_credentials.hpp"
#include "flow/grant/device.hpp"
#include "flow/grant/find_userinfo.hpp"
#include "flow/grant/introspect.hpp"
#include "flow/grant/refresh_tokens.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/login/list_factors.hpp"
#include "flow/login/prove_factor.hpp"
#include "flow/oauth/consent.hpp"
#include "flow/oauth/pushed_request.hpp"
#include "flow/outbox/message_item.hpp"
#include "flow/registration/own_tokens.hpp"
#include "flow/registration/registration_fixture.hpp"
#include "flow/resource/administer_resources.hpp"
#include "flow/system/find_program.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/account/identifiers.hpp"
#include "store/message/outbox.hpp"
#include "store/oauth/consents.hpp"

namespace testing {

inline constexpr const char* no_input = "no input";

class LossWorld : public RegistrationFixture {
 public:
  static constexpr const char* results = "https://results.example.org/";
  static constexpr const char* device_grant = "urn:ietf:params:oauth:grant-type:device_code";

  LossWorld() {
    add_systems();
    add_clients();
    REQUIRE(flow::create_group(*house, operator_actor(), {"", "night shift"}, facts()));
    for (const char* login : {"anna.kowalska", "robot.system"}) {
      REQUIRE(flow::add_member(*house, operator_actor(), {"night shift", login}, facts()));
    }
    add_results();
    cookie = log_in();
    wished = request();
    wished.scope = "openid profile email results:read";
  }

  // ---- a browser ----

  std::string ask() {
    auto outcome = flow::authorize(*house, wished, nullptr, cookie, facts()).value();
    return take(outcome, 1);
  }
  /// The application demands more than the session has.
  std::string ask_for_more() {
    auto outcome = flow::authorize(*house, wished, nullptr, cookie, facts()).value();
    return take(outcome, 2);
  }
  bool has_agreed() {
    const base::Id asking = find_client(client_name).id;
    return store->read([&](store::Tx& tx) { return store::find_consent(tx, anna, asking); }).value().has_value();
  }
  std::string agree() {
    if (attempt.consent.empty()) return no_input;
    const auto visitor = flow::find_visitor(*house, cookie, facts()).value();
    if (!visitor.actor) return "login";
    return flow::answer_consent(*house, *visitor.actor, attempt, true, facts()) ? "" : "denied";
  }
  std::string resume() {
    if (attempt.client_id.empty()) return no_input;
    auto outcome = flow::authorize(*house, wished, &attempt, cookie, facts()).value();
    return take(outcome);
  }
  /// Single sign-on: a page of the application asks in the background whether the person is still logged in.
  std::string ask_silently() {
    wished.prompt = "none";
    auto outcome = flow::authorize(*house, wished, nullptr, cookie, facts()).value();
    return take(outcome);
  }
  std::string prove_more() {
    const auto visitor = flow::find_visitor(*house, cookie, facts()).value();
    if (visitor.session() == nullptr) return "login";
    const auto sent = flow::send_code(*house, visitor, rights::ProofMethod::sms, facts());
    if (!sent) return "denied";
    std::string typed;
    const auto items = store->read([&](store::Tx& tx) { return store::list_outbox(tx, 100); }).value();
    for (const auto& item : items) {
      if (item.kind == "sms" && item.state == "pending") typed = flow::parse_payload(item.payload)->text.substr(0, 6);
    }
    const base::Secret secret(typed);
    const auto done = flow::prove_factor(*house, visitor, {rights::ProofMethod::sms, secret}, facts());
    if (!done) return "denied";
    cookie = std::string(done->session_cookie.reveal());
    return "";
  }

  // ---- a client ----

  std::string push() {
    const auto done = flow::push_request(*house, {client(), wished, "client_id=portal"}, facts()).value();
    if (done.refusal) return name(done.refusal->error);
    pushed_uri = done.request_uri;
    return "";
  }
  std::string open() {
    if (pushed_uri.empty()) return no_input;
    const auto opened = flow::open_pushed_request(*house, "portal", pushed_uri, flow::PushedTurn::arrival, now).value();
    if (!opened) return "page";
    wished.is_pushed = true;
    wished.request_uri = pushed_uri;
    return "";
  }
  std::string redeem_it() {
    if (code.empty()) return no_input;
    auto wish = redemption(code);
    wish.client = client();
    return take(redeem(wish));
  }
  std::string renew() {
    if (refresh_token.empty()) return no_input;
    return take(flow::refresh_tokens(*house, {client(), refresh_token, {}, {}}, facts()).value());
  }
  std::string begin_device() {
    const auto begun = flow::begin_device(*house, {client(), wished.scope, {}}, facts()).value();
    if (begun.refusal) return name(begun.refusal->error);
    device_code = begun.device_code;
    user_code = begun.user_code;
    return "";
  }
  std::string allow_device() {
    if (user_code.empty()) return no_input;
    const auto visitor = flow::find_visitor(*house, cookie, facts()).value();
    if (!visitor.actor) return "login";
    const auto refusal = flow::decide_device(*house, *visitor.actor, user_code, true, facts());
    return refusal && refusal->empty() ? "" : "denied";
  }
  std::string redeem_device() {
    if (device_code.empty()) return no_input;
    return take(flow::redeem_device_code(*house, {client(), device_code}, facts()).value());
  }
  std::string act_for_itself() {
    return take(flow::issue_to_machine(*house, {client(), machine_scope, {}, {}}, facts()).value());
  }

  // ---- whoever is shown a token ----

  std::string tell_userinfo() {
    if (token.empty()) return no_input;
    const auto told = flow::find_userinfo(*house, token, facts()).value();
    return told.refusal ? name(told.refusal->error) : std::string();
  }
  /// What the resource server learns: "less" = not the right that the token was issued with.
  std::string tell_resource() {
    if (token.empty()) return no_input;
    const flow::ClientCredentials server{flow::ClientMethod::basic, "results-api", base::Secret("results-api-secret")};
    const auto told = flow::introspect(*house, {server, token}, facts()).value();
    if (told.refusal) return name(told.refusal->error);
    const auto has = [&](std::string_view part) { return told.claims.find(part) != std::string::npos; };
    return has(R"("active":true)") && has("results:read") && (!needs_role || has("reader")) ? "" : "less";
  }
  /// A call of /api/v1 with the token.
  std::string call() {
    if (token.empty()) return no_input;
    const flow::CallerProof proof = flow::BearerToken{token};
    const auto read = flow::read_proof(*house, proof, now);
    const auto program = store->write([&](store::Tx& tx) {
      return flow::find_program(*house, tx, {proof, read}, {call_scope, audit::type::key_refusal}, facts());
    });
    REQUIRE(program);
    return program->refusal ? "refused" : "";
  }
  std::string make_own_token() {
    const auto visitor = flow::find_visitor(*house, cookie, facts()).value();
    if (!visitor.actor) return "login";
    const auto made = flow::create_own_token(*house, *visitor.actor, {"script", {"verify"}}, facts());
    if (!made) return "denied";
    token = std::string(made->text.reveal());
    call_scope = "verify";
    return "";
  }

  // ---- a client that registers itself ----

  std::string get_initial_token() {
    const auto made = flow::create_api_token(*house, operator_actor(), {.name = "test"}, facts());
    REQUIRE(made);
    initial_token = std::string(made->text.reveal());
    initial_id = made->id;
    return "";
  }
  std::string register_it() {
    if (initial_token.empty()) return no_input;
    const auto done = register_with(initial_token, R"({"redirect_uris":["https://new.example.org/cb"]})");
    if (done.refusal) return name(done.refusal->error);
    const auto answer = boost::json::parse(done.metadata).as_object();
    management = {text_of(answer, "client_id"), text_of(answer, "registration_access_token")};
    client_name = management.client_id;
    return "";
  }
  std::string read_it() {
    if (management.token.empty()) return no_input;
    const auto done = flow::read_registration(*house, management, facts()).value();
    return done.refusal ? name(done.refusal->error) : std::string();
  }
  std::string update_it() {
    if (management.token.empty()) return no_input;
    const std::string wish =
        R"({"client_id":")" + management.client_id + R"(","redirect_uris":["https://new.example.org/b"]})";
    const auto done = flow::update_registration({*house, {fetch, gate}}, management, wish, facts()).value();
    return done.refusal ? name(done.refusal->error) : std::string();
  }

  void give_phone() {
    REQUIRE(store->write([&](store::Tx& tx) {
      store::Identifier number;
      number.account_id = anna;
      number.type = "phone";
      number.canonical = number.display = "+48600100201";
      number.verified_at = now;
      return store::insert_identifier(tx, number, now);
    }));
  }
  flow::ClientCredentials client() const {
    return {flow::ClientMethod::basic, client_name, base::Secret(client_name + "-secret")};
  }
  /// Of the client that the flow is about.
  template <class F>
  void change(F&& how) {
    change_client(client_name, std::forward<F>(how));
  }

  std::string cookie;
  flow::AuthorizationRequest wished;
  flow::Attempt attempt;
  std::string client_name{"portal"};
  std::string owner{"portal.system"};  // the account to which that client belongs
  std::string machine_scope{"results:read audit:write"};
  std::string call_scope{"audit:write"};
  bool needs_role = true;
  std::string pushed_uri;
  std::string code;
  std::string token;
  std::string refresh_token;
  std::string device_code;
  std::string user_code;
  std::string initial_token;
  base::Id initial_id;
  flow::ManagementCall management;
  std::map<std::string, base::Id> systems;

 private:
  static std::string name(flow::OAuthError error) {
    switch (error) {
      case flow::OAuthError::invalid_grant: return "invalid_grant";
      case flow::OAuthError::invalid_client: return "invalid_client";
      case flow::OAuthError::invalid_token: return "invalid_token";
      case flow::OAuthError::unauthorized_client: return "unauthorized_client";
      case flow::OAuthError::access_denied: return "access_denied";
      case flow::OAuthError::login_required: return "login";
      case flow::OAuthError::interaction_required: return "login";
      case flow::OAuthError::consent_required: return "consent";
      case flow::OAuthError::unmet_authentication_requirements: return "login";
      case flow::OAuthError::invalid_scope: return "invalid_scope";
      // Nobody has allowed it.
      case flow::OAuthError::authorization_pending: return no_input;
      default: return "another error";
    }
  }
  /// `asked`: the page that is the step: 1 = for consent, 2 = for the second factor.
  std::string take(flow::Authorization& outcome, int asked = 0) {
    if (const auto* issued = std::get_if<flow::CodeIssued>(&outcome)) {
      code = issued->code;
      return "";
    }
    if (const auto* needed = std::get_if<flow::ConsentNeeded>(&outcome)) {
      attempt = needed->attempt;
      return asked == 1 ? "" : "consent";
    }
    if (const auto* needed = std::get_if<flow::LoginNeeded>(&outcome)) {
      attempt = needed->attempt;
      return asked == 2 && attempt.level == 2 && !attempt.force_login ? "" : "login";
    }
    if (const auto* refusal = std::get_if<flow::OAuthRefusal>(&outcome)) return name(refusal->error);
    return "page";
  }
  std::string take(const flow::Redeemed& done) {
    if (done.refusal) return name(done.refusal->error);
    token = done.tokens.access_token;
    if (!done.tokens.refresh_token.empty()) refresh_token = done.tokens.refresh_token;
    return "";
  }

  void add_systems() {
    for (const char* login : {"portal.system", "robot.system", "television.system"}) {
      flow::NewAccount system;
      system.login = login;
      system.kind = identity::AccountKind::client_system;
      system.family_name = "System";
      system.contexts = {"user"};
      system.password = base::Secret(password);
      const auto id = flow::create_account(*house, operator_actor(), system, facts());
      REQUIRE_MESSAGE(id, base::describe(id.error()));
      systems[login] = *id;
    }
  }
  void add_clients() {
    change_client("portal", [&](rights::Client& client) {
      client.is_first_party = false;
      client.grants = {"authorization_code", "refresh_token"};
      client.scopes = {"openid", "profile", "email", "offline_access", "results:read"};
      client.account_id = systems["portal.system"];
    });
    rights::Client television;
    television.client_id = television.name = "television";
    television.is_first_party = false;
    television.grants = {device_grant, "refresh_token"};
    television.scopes = {"openid", "profile", "email", "offline_access", "results:read"};
    television.account_id = systems["television.system"];
    add_client(television, "television-secret");
    rights::Client robot;
    robot.client_id = robot.name = "robot";
    robot.kind = rights::ClientKind::machine;
    robot.grants = {"client_credentials"};
    robot.scopes = {"results:read", "audit:write"};
    robot.writes_events = true;
    robot.account_id = systems["robot.system"];
    add_client(robot, "robot-secret");
    rights::Client api;
    api.client_id = api.name = "results-api";
    api.kind = rights::ClientKind::resource;
    api.grants.clear();
    add_client(api, "results-api-secret");
  }
  void add_results() {
    flow::ServerWish server;
    server.name = "Results";
    server.client = "results-api";
    const auto made = flow::create_resource(*house, operator_actor(), {{}, results}, server, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    add_item({results, rights::ItemKind::scope, "results:read"}, {"group:night shift"});
    add_item({results, rights::ItemKind::role, "reader"}, {"context:user"});
  }
  void add_item(const flow::ItemName& item, const flow::Conditions& rule) {
    flow::ItemWish wish;
    wish.rule = rule;
    const auto added = flow::add_item(*house, operator_actor(), item, wish, facts());
    REQUIRE_MESSAGE(added, base::describe(added.error()));
  }
};

}  // namespace testing
