#include "flow/token/refresh_token.hpp"

#include "base/bytes.hpp"
#include "crypto/key/master_key.hpp"

namespace flow {
namespace {

constexpr std::string_view purpose = "refresh-token";
constexpr std::size_t id_size = 16;
constexpr std::size_t named_size = id_size + 4;
constexpr std::size_t whole_size = named_size + 32;
constexpr std::size_t text_size = 70;

std::string name_of(const RefreshToken& token) {
  std::string octets(token.grant_id.bytes());
  const auto number = static_cast<std::uint32_t>(token.generation);
  for (const int shift : {24, 16, 8, 0}) octets.push_back(static_cast<char>((number >> shift) & 0xffU));
  return octets;
}

}  // namespace

std::string print_refresh_token(const House& house, const RefreshToken& token) {
  const std::string named = name_of(token);
  return base::to_base64url(named + house.master.authenticate(purpose, named));
}

std::optional<RefreshToken> parse_refresh_token(const House& house, std::string_view text) {
  if (text.size() != text_size) return std::nullopt;
  const auto octets = base::parse_base64url(text);
  if (!octets || octets->size() != whole_size) return std::nullopt;
  const std::string_view named = std::string_view(*octets).substr(0, named_size);
  bool is_ours = false;
  for (std::size_t generation = 0; generation < house.master.generations(); ++generation) {
    const bool equal = base::equal_in_constant_time(house.master.authenticate_in(generation, purpose, named),
                                                    std::string_view(*octets).substr(named_size));
    is_ours = is_ours || equal;
  }
  if (!is_ours) return std::nullopt;
  std::uint32_t number = 0;
  for (const char c : named.substr(id_size)) number = (number << 8U) | static_cast<unsigned char>(c);
  const auto id = base::Id::from_bytes(named.substr(0, id_size));
  if (!id) return std::nullopt;
  return RefreshToken{*id, static_cast<std::int64_t>(number)};
}

}  // namespace flow
