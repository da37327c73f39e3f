#include "demo/relying_party.hpp"

#include "base/bytes.hpp"
#include "base/log.hpp"
#include "crypto/digest/digest.hpp"
#include "demo/application_pages.hpp"
#include "demo/fetch.hpp"

namespace demo {

namespace {

constexpr base::Duration login_lasts = std::chrono::minutes(15);

// The name of the application is part of the cookie's name, because cookies are valid for all ports of a host.
http::Cookie make_cookie(std::string name, std::string value) {
  http::Cookie cookie;
  cookie.name = std::move(name);
  cookie.value = std::move(value);
  cookie.secure = false;  // the demonstration's applications speak plain HTTP on loopback
  return cookie;
}

http::Cookie drop_cookie(std::string name) {
  http::Cookie cookie = make_cookie(std::move(name), "");
  cookie.max_age = 0;
  return cookie;
}

/// Only a page that the person opens is redirected to the server and back, because a script could not follow.
/// Browsers send Sec-Fetch-Mode (W3C Fetch Metadata) to loopback addresses as well.
bool is_navigation(const http::Request& request) {
  const std::string* const mode = request.find_header("sec-fetch-mode");
  return request.method == http::Method::get && (mode == nullptr || *mode == "navigate");
}

http::Response answer(int status, const char* text) {
  auto response = http::Response::text(text, status);
  response.add("Cache-Control", "no-store");
  return response;
}

}  // namespace

std::string RelyingParty::cookie_name(std::string_view what) const {
  return application_.name + "_" + std::string(what);
}

void RelyingParty::add_routes(http::Router& router) {
  router.get("/", [this](const http::Request& request) { return show(request); });
  router.get("/login", [this](const http::Request& request) { return begin_login(request); });
  router.get("/callback", [this](const http::Request& request) { return finish_login(request); });
  router.post("/logout", [this](const http::Request& request) { return log_out(request); });
  http::Route order;
  order.method = http::Method::post;
  order.pattern = "/backchannel-logout";
  order.cross_site = true;
  order.handler = [this](const http::Request& request) { return take_logout_order(request); };
  router.add(std::move(order));
}

http::Response RelyingParty::show(const http::Request& request) {
  const auto session = sessions_.find(request.cookie(cookie_name("session")), base::now());
  const bool stays = !request.cookie(cookie_name("stay")).empty();
  if (!session && !stays && application_.opens_by_itself && is_navigation(request)) {
    if (auto asking = ask_server(request, true)) return std::move(*asking);
  }
  auto page = http::Response::html(make_start_page(language_of(request), application_, session ? &*session : nullptr));
  page.form_action = issuer_.name();  // the logout form is redirected there
  if (stays) page.add("Set-Cookie", http::to_set_cookie(drop_cookie(cookie_name("stay"))));
  return page;
}

http::Response RelyingParty::begin_login(const http::Request& request) {
  auto asking = ask_server(request, false);
  return asking ? std::move(*asking) : fail_login(request, "failed_text", base::describe(asking.error()));
}

base::Result<http::Response> RelyingParty::ask_server(const http::Request& request, bool silent) {
  ASSIGN_OR_RETURN(const Endpoints endpoints, issuer_.endpoints());
  const base::Time now = base::now();
  std::string browser = request.cookie(cookie_name("login"));
  if (browser.size() != 43) browser = make_token();
  const std::string state = make_token();
  BegunLogin login{browser, make_token(), make_token(), now + login_lasts, silent};
  Fields query{{"response_type", "code"},
               {"client_id", application_.client_id},
               {"redirect_uri", application_.origin + "/callback"},
               {"scope", "openid profile"},
               {"state", state},
               {"nonce", login.nonce},
               {"code_challenge", base::to_base64url(crypto::sha256(login.verifier))},
               {"code_challenge_method", "S256"}};
  if (silent) query.emplace_back("prompt", "none");
  // The login page gets the language of the browser. Without a preference the server chooses.
  if (request.find_header("accept-language") != nullptr)
    query.emplace_back("ui_locales", text::code_of(language_of(request)));
  login.request = describe_request("GET " + endpoints.authorization, query);
  sessions_.begin(state, std::move(login), now);
  auto response = http::Response::redirect(endpoints.authorization + "?" + to_query(query));
  response.add("Set-Cookie", http::to_set_cookie(make_cookie(cookie_name("login"), browser)));
  return response;
}

http::Response RelyingParty::stay_outside() const {
  auto response = http::Response::redirect("/");
  response.add("Set-Cookie", http::to_set_cookie(make_cookie(cookie_name("stay"), "1")));
  return response;
}

http::Response RelyingParty::finish_login(const http::Request& request) {
  const auto form = request.query_form();
  if (!form || !form->find_doubled().empty()) return fail_login(request, "failed_text", "malformed answer");
  const base::Time now = base::now();
  const auto login = sessions_.take(form->get("state"), request.cookie(cookie_name("login")), now);
  if (!login) return fail_login(request, "failed_text", "no login of this browser has that state");
  // RFC 9207 §2.4: an answer of another issuer, or without one, is refused.
  if (form->get("iss") != issuer_.name()) return fail_login(request, "failed_text", "the answer is another issuer's");
  if (form->has("error"))
    return login->silent ? stay_outside() : fail_login(request, "refused_text", form->get("error"));
  auto session = redeem(*form, *login, now);
  if (!session) return fail_login(request, "failed_text", base::describe(session.error()));
  const std::string left = request.cookie(cookie_name("left"));
  if (login->silent && !left.empty() && left == session->person.session) return stay_outside();
  // A new id at each login, so that session fixation is impossible.
  sessions_.end(request.cookie(cookie_name("session")));
  auto response = http::Response::redirect("/");
  response.add("Set-Cookie",
               http::to_set_cookie(make_cookie(cookie_name("session"), sessions_.add(std::move(*session), now))));
  if (!left.empty()) response.add("Set-Cookie", http::to_set_cookie(drop_cookie(cookie_name("left"))));
  return response;
}

base::Result<LocalSession> RelyingParty::redeem(const http::Form& answer, const BegunLogin& login, base::Time now) {
  ASSIGN_OR_RETURN(const Endpoints endpoints, issuer_.endpoints());
  const Fields fields{{"grant_type", "authorization_code"},
                      {"code", answer.get("code")},
                      {"redirect_uri", application_.origin + "/callback"},
                      {"code_verifier", login.verifier}};
  ASSIGN_OR_RETURN(const boost::json::object tokens, post_form(issuer_.client(), endpoints.token, fields,
                                                               application_.client_id, application_.client_secret));
  LocalSession session;
  session.id_token = text_of(tokens, "id_token");
  ASSIGN_OR_RETURN(const auto keys, issuer_.keys_for(session.id_token, now));
  const Expected expected{issuer_.name(), application_.client_id};
  ASSIGN_OR_RETURN(session.person, check_id_token(keys, session.id_token, expected, login.nonce, now));
  session.csrf = make_token();
  session.steps = {
      {"step_request", login.request},
      {"step_answer",
       describe_request("GET " + application_.origin + "/callback",
                        {{"code", answer.get("code")}, {"state", answer.get("state")}, {"iss", answer.get("iss")}})},
      {"step_redeem",
       describe_request("POST " + endpoints.token + "\n  Authorization: Basic " + application_.client_id + ":•••",
                        fields)},
      {"step_tokens", describe_token_answer(tokens)},
      {"step_id_token", decode_token(session.id_token)}};
  const std::string access_token = decode_token(text_of(tokens, "access_token"));
  if (!access_token.empty()) session.steps.push_back({"step_access_token", access_token});
  return session;
}

http::Response RelyingParty::log_out(const http::Request& request) {
  const std::string id = request.cookie(cookie_name("session"));
  const auto session = sessions_.find(id, base::now());
  if (!session) return http::Response::redirect("/");
  const auto form = request.body_form();
  if (!form || !base::equal_in_constant_time(form->get("csrf"), session->csrf)) return http::Response::redirect("/");
  sessions_.end(id);
  const auto endpoints = issuer_.endpoints();
  auto response = http::Response::redirect("/");
  if (endpoints) {
    response = http::Response::redirect(endpoints->end_session + "?" +
                                        to_query({{"id_token_hint", session->id_token},
                                                  {"client_id", application_.client_id},
                                                  {"post_logout_redirect_uri", application_.origin + "/"}}));
  }
  response.add("Set-Cookie", http::to_set_cookie(drop_cookie(cookie_name("session"))));
  response.add("Set-Cookie", http::to_set_cookie(make_cookie(cookie_name("stay"), "1")));
  response.add("Set-Cookie", http::to_set_cookie(make_cookie(cookie_name("left"), session->person.session)));
  return response;
}

http::Response RelyingParty::take_logout_order(const http::Request& request) {
  const auto form = request.body_form();
  const std::string token = form ? form->get("logout_token") : "";
  if (token.empty()) return answer(400, "no logout token");
  const base::Time now = base::now();
  const auto keys = issuer_.keys_for(token, now);
  if (!keys) return answer(503, "the issuer's keys cannot be had");
  const auto order = check_logout_token(*keys, token, {issuer_.name(), application_.client_id}, now);
  if (!order) {
    base::log(base::Level::warning, "a logout token was refused",
              {{"application", application_.name}, {"reason", order.error().reason}});
    return answer(400, "the logout token is not accepted");
  }
  if (!sessions_.carry_out(*order, now)) return answer(400, "the logout token was used before");
  return answer(200, "logged out");
}

http::Response RelyingParty::fail_login(const http::Request& request, std::string_view sentence,
                                        const std::string& reason) const {
  base::log(base::Level::warning, "a login did not work", {{"application", application_.name}, {"reason", reason}});
  return http::Response::html(make_failure_page(language_of(request), application_, "failed_title", sentence), 400);
}

}  // namespace demo
