// The code flow over raw sockets: a relying party with PKCE, for the tests of the good path and of attacks.
#pragma once

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "door/app_fixture.hpp"

namespace door {

using Fields = std::vector<std::pair<std::string, std::string>>;

inline constexpr const char* verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";  // RFC 7636 appendix B
inline constexpr const char* challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
inline constexpr const char* callback = "http://127.0.0.1:9191/callback";

inline Fields portal_request(const Fields& changes = {}) {
  Fields fields{{"client_id", "demo-portal"},
                {"redirect_uri", callback},
                {"response_type", "code"},
                {"scope", "openid profile email"},
                {"state", "st-1"},
                {"nonce", "n-1"},
                {"code_challenge", challenge},
                {"code_challenge_method", "S256"}};
  for (const auto& [name, value] : changes) {
    std::erase_if(fields, [&key = name](const auto& field) { return field.first == key; });
    if (value != "-") fields.emplace_back(name, value);  // "-": left out
  }
  return fields;
}

inline std::string authorize_path(const Fields& changes = {}) {
  return "/oauth2/authorize?" + to_form(portal_request(changes));
}

/// Parameters of a Location.
inline std::map<std::string, std::string> parameters_of(const std::string& location) {
  std::map<std::string, std::string> found;
  std::string rest = location.substr(std::min(location.find('?') + 1, location.size()));
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string pair = rest.substr(0, end);
    rest.erase(0, end + 1);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    found[pair.substr(0, equals)] =
        base::percent_decode(pair.substr(std::min(equals + 1, pair.size())), true).value_or("?");
  }
  return found;
}

inline Browser::Headers basic(const std::string& id, const std::string& secret) {
  return {{"Authorization", "Basic " + base::to_base64(id + ":" + secret)}};
}

/// A code for the portal. The person is logged in already or logs in now, and agrees if they are asked.
inline std::string get_code(Browser& browser, const Fields& changes = {}) {
  Reply reply = browser.follow(browser.get(authorize_path(changes)));
  const PageForm form = reply.form("/login/password");
  if (!form.action.empty()) {
    reply = browser.follow(browser.submit(form, {{"login", "jan.nowak"}, {"password", "River-Copper-2026"}}));
  }
  const PageForm question = reply.form("/login/consent");
  if (!question.action.empty()) reply = browser.follow(browser.submit(question, {{"answer", "yes"}}));
  REQUIRE(reply.status == 303);
  const auto parameters = parameters_of(reply.location());
  REQUIRE(parameters.contains("code"));
  return parameters.at("code");
}

inline Fields token_form(const std::string& code, const Fields& changes = {}) {
  Fields fields{
      {"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", callback}, {"code_verifier", verifier}};
  for (const auto& [name, value] : changes) {
    std::erase_if(fields, [&key = name](const auto& field) { return field.first == key; });
    if (value != "-") fields.emplace_back(name, value);
  }
  return fields;
}

/// The calls of a relying party's server, which has no cookies and sends no Origin.
class Machine {
 public:
  explicit Machine(const App& app) : browser_(app.port()) {}
  Reply post(std::string_view path, const std::string& body, Browser::Headers headers = {}) {
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    return browser_.request("POST", path, headers, body);
  }
  Reply redeem(const std::string& code, const Fields& changes = {}) {
    return post("/oauth2/token", to_form(token_form(code, changes)), basic("demo-portal", "demo-portal-secret"));
  }
  Reply get(std::string_view path, const Browser::Headers& headers = {}) { return browser_.get(path, headers); }

 private:
  Browser browser_;
};

inline std::string error_of(const Reply& reply) {
  boost::json::error_code failed;
  const auto value = boost::json::parse(reply.body, failed);
  if (failed || !value.is_object() || !value.get_object().contains("error")) return "";
  return std::string(value.get_object().at("error").as_string());
}

inline std::string member_of(const Reply& reply, std::string_view name) {
  boost::json::error_code failed;
  const auto value = boost::json::parse(reply.body, failed);
  if (failed || !value.is_object()) return "";
  const auto* member = value.get_object().if_contains(name);
  return member != nullptr && member->is_string() ? std::string(member->get_string()) : "";
}

}  // namespace door
