#include "flow/message/deliver_logout.hpp"

#include "base/json.hpp"
#include "courier/logout.hpp"
#include "crypto/token/jwt.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/house/read_claims.hpp"
#include "flow/house/site_settings.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"

namespace flow {
namespace {

constexpr std::int64_t token_lasts = 120;  // seconds; "preferably at most two minutes in the future" (§2.4)

struct Message {
  std::string uri;  // "" = the client is gone or takes no back-channel logout
  std::string token;
};

base::Result<Message> make_message(const House& house, const store::OutboxItem& item, base::Time now) {
  ASSIGN_OR_RETURN(const Claims payload, Claims::parse(item.payload));
  ASSIGN_OR_RETURN(const auto client, house.store.read([&](store::Tx& tx) { return find_logout_client(tx, item); }));
  if (!client || client->backchannel_logout_uri.empty()) return Message{};
  ASSIGN_OR_RETURN(std::string token, make_logout_token(house, *client, payload.text("sub"), payload.text("sid"), now));
  return Message{client->backchannel_logout_uri, std::move(token)};
}

}  // namespace

std::optional<base::Id> find_logout_client_id(const store::OutboxItem& item) {
  if (item.kind != "logout") return std::nullopt;
  const auto payload = Claims::parse(item.payload);
  if (!payload) return std::nullopt;
  const auto id = base::Id::parse(payload->text("client_id"));
  return id ? std::optional(*id) : std::nullopt;
}

base::Result<std::optional<rights::Client>> find_logout_client(store::Tx& tx, const store::OutboxItem& item) {
  const auto id = find_logout_client_id(item);
  if (!id) return std::optional<rights::Client>();
  return store::find_client(tx, *id);
}

base::Result<std::string> make_logout_token(const House& house, const rights::Client& client, std::string_view subject,
                                            std::string_view sid, base::Time now) {
  const std::int64_t issued_at = base::to_seconds(now);
  base::JsonObject claims;
  claims.text("iss", house.settings.site.issuer).text("aud", client.client_id).text("sub", subject).text("sid", sid);
  claims.number("iat", issued_at).number("exp", issued_at + token_lasts);
  claims.text("jti", base::to_base64url(base::random_bytes(16)));
  claims.raw("events", R"({"http://schemas.openid.net/event/backchannel-logout":{}})");
  ASSIGN_OR_RETURN(const auto algorithm, crypto::parse_algorithm(client.id_token_alg));
  ASSIGN_OR_RETURN(const auto key, house.keys.find_signer(algorithm, now));
  return crypto::sign_jwt(key, "logout+jwt", claims.finish());
}

Deliver make_logout_deliverer(const House& house, const remote::HttpClient& remote) {
  return [house, &remote](const store::OutboxItem& item, base::Time now) {
    const auto message = make_message(house, item, now);
    if (!message) return courier::judge(message.error());
    if (message->uri.empty()) return courier::delivered();
    return courier::post_logout(remote, message->uri, message->token);
  };
}

}  // namespace flow
