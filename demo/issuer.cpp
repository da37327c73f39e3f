#include "demo/issuer.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/bytes.hpp"
#include "demo/fetch.hpp"

namespace demo {

namespace {

constexpr base::Duration between_fetches = std::chrono::seconds(5);

/// The `kid` of the token's header. It is not trusted; it only selects the key.
std::string named_key(const std::string& token) {
  const auto header = base::parse_base64url(token.substr(0, token.find('.')));
  if (!header) return "";
  boost::system::error_code wrong;
  const auto value = boost::json::parse(*header, wrong);
  if (wrong.failed() || !value.is_object()) return "";
  return text_of(value.get_object(), "kid");
}

}  // namespace

base::Result<void> Issuer::discover() {
  if (known_) return {};
  ASSIGN_OR_RETURN(const boost::json::object document,
                   fetch_object(client_, name_ + "/.well-known/openid-configuration"));
  // OIDC Discovery §4.3: "The issuer value returned MUST be identical to the Issuer URL".
  if (text_of(document, "issuer") != name_)
    return base::fail(base::Code::invalid_input, "discovery speaks of another issuer");
  endpoints_ = {text_of(document, "authorization_endpoint"), text_of(document, "token_endpoint"),
                text_of(document, "jwks_uri"), text_of(document, "end_session_endpoint")};
  for (const auto* const endpoint :
       {&endpoints_.authorization, &endpoints_.token, &endpoints_.jwks, &endpoints_.end_session}) {
    if (!endpoint->starts_with(name_ + "/"))
      return base::fail(base::Code::invalid_input, "an endpoint is not the issuer's");
  }
  known_ = true;
  return {};
}

base::Result<void> Issuer::fetch_keys() {
  RETURN_IF_ERROR(discover());
  ASSIGN_OR_RETURN(const boost::json::object set, fetch_object(client_, endpoints_.jwks));
  ASSIGN_OR_RETURN(keys_, crypto::parse_jwk_set(boost::json::serialize(set)));
  return {};
}

base::Result<Endpoints> Issuer::endpoints() {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(discover());
  return endpoints_;
}

base::Result<std::vector<crypto::Jwk>> Issuer::keys_for(const std::string& token, base::Time now) {
  const std::lock_guard lock(mutex_);
  const std::string wanted = named_key(token);
  const bool known = std::any_of(keys_.begin(), keys_.end(), [&](const crypto::Jwk& key) { return key.kid == wanted; });
  if (!known && now - fetched_at_ >= between_fetches) {
    RETURN_IF_ERROR(fetch_keys());
    fetched_at_ = now;
  }
  return keys_;
}

}  // namespace demo
