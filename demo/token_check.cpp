#include "demo/token_check.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "base/bytes.hpp"
#include "crypto/token/jwt.hpp"
#include "demo/fetch.hpp"

namespace demo {

namespace {

constexpr base::Duration clock_skew = std::chrono::seconds(60);
constexpr const char* logout_event = "http://schemas.openid.net/event/backchannel-logout";

auto bad(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

std::optional<base::Time> time_of(const boost::json::object& claims, const char* name) {
  const auto* const value = claims.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const double seconds = value->to_number<double>();
  if (!(seconds >= 0 && seconds < 4e11)) return std::nullopt;
  return base::from_seconds(static_cast<std::int64_t>(seconds));
}

std::vector<std::string> texts_of(const boost::json::object& claims, const char* name) {
  std::vector<std::string> texts;
  const auto* const value = claims.if_contains(name);
  if (value == nullptr) return texts;
  if (const auto* const one = value->if_string()) texts.emplace_back(one->data(), one->size());
  if (const auto* const list = value->if_array()) {
    for (const auto& entry : *list) {
      if (const auto* const text = entry.if_string()) texts.emplace_back(text->data(), text->size());
    }
  }
  return texts;
}

/// Signature, algorithm, type, issuer, audience, and that now lies between `iat` and `exp`.
base::Result<boost::json::object> check_common(std::span<const crypto::Jwk> keys, std::string_view type,
                                               std::string_view token, const Expected& expected, base::Time now) {
  std::vector<crypto::Jwk> allowed;
  std::copy_if(keys.begin(), keys.end(), std::back_inserter(allowed),
               [](const crypto::Jwk& key) { return key.key.algorithm() == crypto::Algorithm::es256; });
  ASSIGN_OR_RETURN(const std::string text, crypto::verify_foreign_jwt(allowed, type, token));
  boost::json::object claims = boost::json::parse(text).as_object();
  if (text_of(claims, "iss") != expected.issuer) return bad("the token is of another issuer");
  const auto audience = texts_of(claims, "aud");
  if (std::find(audience.begin(), audience.end(), expected.client_id) == audience.end())
    return bad("the token is for somebody else");
  if (audience.size() > 1 && text_of(claims, "azp") != expected.client_id)
    return bad("the token was issued to somebody else");
  const auto issued = time_of(claims, "iat");
  const auto expires = time_of(claims, "exp");
  if (!issued || *issued > now + clock_skew) return bad("the token comes from the future, or from no time at all");
  if (!expires || *expires <= now - clock_skew) return bad("the token has expired");
  return claims;
}

}  // namespace

base::Result<Person> check_id_token(std::span<const crypto::Jwk> keys, std::string_view token, const Expected& expected,
                                    std::string_view nonce, base::Time now) {
  ASSIGN_OR_RETURN(const boost::json::object claims, check_common(keys, "JWT", token, expected, now));
  // The header's type tells a logout token from an ID token. A token with an event is refused even if the type is
  // wrong.
  if (claims.contains("events")) return bad("an event is not a login");
  if (nonce.empty() || !base::equal_in_constant_time(text_of(claims, "nonce"), nonce))
    return bad("the nonce is another login's");
  Person person;
  person.subject = text_of(claims, "sub");
  if (person.subject.empty()) return bad("the token speaks about nobody");
  person.session = text_of(claims, "sid");
  person.login = text_of(claims, "preferred_username");
  person.name = text_of(claims, "name");
  if (person.name.empty()) person.name = person.login.empty() ? person.subject : person.login;
  if (const auto* const context = claims.if_contains("context"); context != nullptr && context->is_object()) {
    person.context = text_of(context->get_object(), "id");
    person.context_name = text_of(context->get_object(), "name");
  }
  person.level = text_of(claims, "acr");
  person.methods = texts_of(claims, "amr");
  person.logged_in_at = time_of(claims, "auth_time").value_or(now);
  return person;
}

base::Result<LogoutOrder> check_logout_token(std::span<const crypto::Jwk> keys, std::string_view token,
                                             const Expected& expected, base::Time now) {
  ASSIGN_OR_RETURN(const boost::json::object claims, check_common(keys, "logout+jwt", token, expected, now));
  // §2.4: "A nonce Claim MUST NOT be present", so that a logout token is never accepted as an ID token.
  if (claims.contains("nonce")) return bad("a logout token has no nonce");
  const auto* const events = claims.if_contains("events");
  const auto* const event =
      events != nullptr && events->is_object() ? events->get_object().if_contains(logout_event) : nullptr;
  if (event == nullptr || !event->is_object()) return bad("the token orders no logout");
  LogoutOrder order{text_of(claims, "jti"), text_of(claims, "sub"), text_of(claims, "sid"),
                    time_of(claims, "exp").value_or(now) + clock_skew};
  if (order.id.empty()) return bad("the token has no jti");
  if (order.subject.empty() && order.session.empty()) return bad("the token says neither who nor which session");
  return order;
}

}  // namespace demo
