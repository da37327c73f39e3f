#include "webauthn/client_data.hpp"

#include "crypto/token/strict_json.hpp"

namespace webauthn {

base::Result<void> check_client_data(std::string_view json, Ceremony ceremony, const Expected& expected) {
  const auto bad = [](const char* why) { return base::fail(base::Code::invalid_input, why); };
  if (json.size() > longest_client_data) return bad("client data: too long");
  ASSIGN_OR_RETURN(const crypto::ObjectOutline data, crypto::outline_object(json));
  const auto is = [&](std::string_view name, std::string_view wanted) {
    const std::string* text = data.find_text(name);
    return text != nullptr && *text == wanted;
  };
  if (!is("type", ceremony == Ceremony::registration ? "webauthn.create" : "webauthn.get")) {
    return bad("client data: of another ceremony");
  }
  if (expected.challenge.empty() || !is("challenge", base::to_base64url(expected.challenge))) {
    return bad("client data: another challenge");
  }
  if (!is("origin", expected.origin)) return bad("client data: another origin");
  // No page of this server stands in a frame of another site.
  const auto crossed = data.members.find("crossOrigin");
  if (crossed != data.members.end() && !crossed->second.is_false) return bad("client data: in a frame of another site");
  if (data.has("topOrigin")) return bad("client data: in a frame of another site");
  return {};
}

}  // namespace webauthn
