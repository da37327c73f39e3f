#include "flow/proof/passkey_data.hpp"

#include "base/json.hpp"
#include "flow/house/read_claims.hpp"

namespace flow {

base::Secret to_stored(const PasskeyData& data) {
  return base::Secret(base::JsonObject()
                          .text("user", base::to_base64url(data.user_handle))
                          .text("key", base::to_base64url(data.public_key))
                          .text("aaguid", base::to_base64url(data.aaguid))
                          .text_if("transports", data.transports)
                          .number("backup_eligible", data.may_be_backed_up ? 1 : 0)
                          .number("backed_up", data.is_backed_up ? 1 : 0)
                          .number("attested", data.is_attested ? 1 : 0)
                          .finish());
}

base::Result<PasskeyData> parse_passkey_data(const base::Secret& stored) {
  const auto bad = [] { return base::fail(base::Code::internal, "the data of a passkey are not readable"); };
  const auto claims = Claims::parse(stored.reveal());
  if (!claims) return bad();
  const auto user = base::parse_base64url(claims->text("user"));
  const auto key = base::parse_base64url(claims->text("key"));
  const auto aaguid = base::parse_base64url(claims->text("aaguid"));
  if (!user || user->empty() || !key || key->empty() || !aaguid) return bad();
  const auto flag = [&](std::string_view name) { return claims->number(name).value_or(0) != 0; };
  return PasskeyData{
      *user, *key, *aaguid, claims->text("transports"), flag("backup_eligible"), flag("backed_up"), flag("attested")};
}

}  // namespace flow
