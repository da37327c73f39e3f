#include "web/entry/passkey_options.hpp"

#include "base/bytes.hpp"
#include "base/json.hpp"

namespace web {
namespace {

// As long as a challenge counts.
constexpr std::int64_t timeout_in_milliseconds = 300'000;
// -7, -8, -257: what webauthn/cose_key reads, in the order of preference.
constexpr std::string_view algorithms =
    R"([{"type":"public-key","alg":-7},{"type":"public-key","alg":-8},{"type":"public-key","alg":-257}])";

std::string list_of(const std::vector<flow::KnownPasskey>& passkeys) {
  base::JsonArray list;
  for (const flow::KnownPasskey& one : passkeys) {
    base::JsonObject item;
    item.text("type", "public-key").text("id", base::to_base64url(one.id));
    if (!one.transports.empty()) item.words("transports", one.transports);
    list.raw(item.finish());
  }
  return list.finish();
}

}  // namespace

std::string passkey_options(const flow::PasskeyOffer& offer) {
  const std::string user = base::to_base64url(offer.user_handle);
  return base::JsonObject()
      .text("origin", offer.party.origin)
      .text("ticket", offer.ticket.reveal())
      .raw("rp", base::JsonObject().text("id", offer.party.id).text("name", offer.party_name).finish())
      .raw("user", base::JsonObject()
                       .text("id", user)
                       .text("name", offer.user_name)
                       .text("displayName", offer.display_name)
                       .finish())
      .text("challenge", base::to_base64url(offer.challenge))
      .raw("pubKeyCredParams", algorithms)
      .number("timeout", timeout_in_milliseconds)
      .raw("excludeCredentials", list_of(offer.excluded))
      .raw("authenticatorSelection", R"({"residentKey":"preferred","userVerification":"preferred"})")
      .text("attestation", "none")
      .finish();
}

std::string passkey_options(const flow::PasskeyRequest& request) {
  return base::JsonObject()
      .text("origin", request.party.origin)
      .text("ticket", request.ticket.reveal())
      .text("rpId", request.party.id)
      .text("challenge", base::to_base64url(request.challenge))
      .number("timeout", timeout_in_milliseconds)
      .raw("allowCredentials", list_of(request.allowed))
      .text("userVerification", request.needs_verification ? "required" : "preferred")
      .finish();
}

}  // namespace web
