#include "flow/grant/try_client.hpp"

#include <boost/json.hpp>

#include "base/bytes.hpp"
#include "crypto/digest/digest.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/grant/find_userinfo.hpp"
#include "flow/grant/redeem_code.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/oauth/validate_request.hpp"

namespace flow {
namespace {

namespace json = boost::json;

constexpr std::string_view purpose = "trial";

/// What the application would keep.
struct Kept {
  base::Time begun;
  std::string client_id;
  std::string verifier;
  base::Secret secret;
};

std::string text_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

base::Result<Kept> open(const House& house, const TrialAnswer& answer) {
  ASSIGN_OR_RETURN(const base::Id state, base::Id::parse(answer.state));
  ASSIGN_OR_RETURN(const base::Bytes sealed, base::parse_base64url(answer.sealed));
  ASSIGN_OR_RETURN(const base::Secret plain, house.master.open(purpose, sealed, state.bytes()));
  json::error_code error;
  const json::value value = json::parse(json::string_view(plain.reveal().data(), plain.reveal().size()), error);
  if (error || !value.is_object()) return base::fail(base::Code::internal, "a sealed test login is not readable");
  const json::object& object = value.get_object();
  const json::value* begun = object.if_contains("t");
  if (begun == nullptr || !begun->is_int64()) return base::fail(base::Code::internal, "a test login without a time");
  return Kept{base::from_ms(begun->get_int64()), text_at(object, "c"), text_at(object, "v"),
              base::Secret(text_at(object, "s"))};
}

Members read_members(std::string_view text) {
  Members members;
  json::error_code error;
  const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) return members;
  for (const auto& [name, member] : value.get_object()) {
    members.emplace_back(std::string(name),
                         member.is_string() ? std::string(member.get_string()) : json::serialize(member));
  }
  return members;
}

DecodedToken decode(std::string_view token) {
  DecodedToken decoded;
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return decoded;
  decoded.header = read_members(base::parse_base64url(token.substr(0, first)).value_or(""));
  decoded.claims = read_members(base::parse_base64url(token.substr(first + 1, second - first - 1)).value_or(""));
  return decoded;
}

std::string make_location(const House& house, const rights::Client& client, const base::Id& state,
                          std::string_view verifier) {
  const std::pair<std::string_view, std::string> parameters[] = {
      {"response_type", "code"},
      {"client_id", client.client_id},
      {"redirect_uri", house.settings.site.issuer + std::string(trial_path)},
      {"scope", base::join(client.scopes, " ")},
      {"state", state.to_string()},
      {"nonce", base::to_base64url(base::random_bytes(16))},
      {"code_challenge", base::to_base64url(crypto::sha256(verifier))},
      {"code_challenge_method", "S256"},
  };
  std::string location = "/oauth2/authorize";
  for (const auto& [name, value] : parameters) {
    location.append(location.find('?') == std::string::npos ? "?" : "&").append(name).append("=");
    location.append(base::percent_encode(value));
  }
  return location;
}

}  // namespace

base::Result<Trial> begin_trial(const House& house, const rights::Actor& actor, std::string_view client_id,
                                const base::Secret& secret, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_clients));
  ASSIGN_OR_RETURN(const rights::Client client, find_named_client(house, actor, client_id));
  if (!client.enabled || !rights::is_registered(client.grants, "authorization_code")) {
    return base::fail(base::Code::invalid_input, "the client is disabled, or takes no codes");
  }
  const base::Id state = base::Id::make(now);
  const std::string verifier = base::to_base64url(base::random_bytes(32));
  json::object kept{{"t", base::to_ms(now)}, {"c", client.client_id}, {"v", verifier}};
  if (client.auth == rights::ClientAuth::secret) kept["s"] = secret.reveal();
  return Trial{make_location(house, client, state, verifier),
               base::to_base64url(house.master.seal(purpose, json::serialize(kept), state.bytes()))};
}

base::Result<TrialResult> finish_trial(const House& house, const rights::Actor& actor, const TrialAnswer& answer,
                                       const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_clients));
  ASSIGN_OR_RETURN(const Kept kept, open(house, answer));
  if (facts.now >= kept.begun + trial_lasts) return base::fail(base::Code::expired, "the test login is over");
  ASSIGN_OR_RETURN(const rights::Client client, find_named_client(house, actor, kept.client_id));
  CodeRedemption wished;
  const bool is_public = client.auth == rights::ClientAuth::none;
  wished.client = {is_public ? ClientMethod::none : ClientMethod::basic, client.client_id, kept.secret};
  wished.code = answer.code;
  wished.redirect_uri = house.settings.site.issuer + std::string(trial_path);
  wished.code_verifier = kept.verifier;
  TrialResult result;
  result.client_id = client.client_id;
  ASSIGN_OR_RETURN(const Redeemed redeemed, redeem_code(house, wished, facts));
  if (redeemed.refusal) {
    result.refusal = redeemed.refusal;
    return result;
  }
  result.scope = redeemed.tokens.scope;
  result.expires_in = redeemed.tokens.expires_in;
  result.id_token = decode(redeemed.tokens.id_token);
  result.access_token = decode(redeemed.tokens.access_token);
  ASSIGN_OR_RETURN(const Userinfo userinfo, find_userinfo(house, redeemed.tokens.access_token, facts));
  if (!userinfo.refusal) result.userinfo = read_members(userinfo.claims);
  return result;
}

std::string find_client_of_trial(const House& house, const TrialAnswer& answer) {
  auto kept = open(house, answer);
  return kept ? std::move(kept->client_id) : std::string();
}

}  // namespace flow
