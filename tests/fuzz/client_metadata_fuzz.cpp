// The metadata of a client that registers itself. Whatever is accepted is sound: it can be printed, what was printed is
// accepted again and says the same, and it has no scope that the token did not allow.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "base/words.hpp"
#include "flow/registration/client_metadata.hpp"

namespace {

constexpr std::string_view allowed = "openid profile email offline_access";

void demand(bool holds) {
  if (!holds) std::abort();
}

bool is_printable(std::string_view text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7e) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  auto read = flow::read_metadata(octets, allowed);
  if (const auto* refusal = std::get_if<flow::RegistrationRefusal>(&read)) {
    demand(!refusal->description.empty() && is_printable(refusal->description));
    return 0;
  }
  rights::Client client = std::get<flow::ClientMetadata>(std::move(read)).client;
  demand(client.is_dynamic && !client.is_first_party && !client.writes_events && !client.sends_messages);
  demand(client.require_pkce || client.auth != rights::ClientAuth::none);
  for (const std::string& scope : client.scopes) demand(base::has_word(allowed, scope));
  client.client_id = "dyn-1";
  if (client.name.empty()) client.name = client.client_id;
  if (const auto flaw = flow::find_metadata_flaw(client)) {
    demand(is_printable(flaw->description));
    return 0;
  }
  const std::string printed = flow::print_metadata(client, {});
  auto again = flow::read_metadata(printed, allowed);
  demand(std::holds_alternative<flow::ClientMetadata>(again));
  rights::Client same = std::get<flow::ClientMetadata>(std::move(again)).client;
  same.client_id = client.client_id;
  demand(!flow::find_metadata_flaw(same));
  demand(flow::print_metadata(same, {}) == printed);
  return 0;
}
