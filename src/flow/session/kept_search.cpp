#include "flow/session/kept_search.hpp"

#include "base/bytes.hpp"
#include "crypto/key/master_key.hpp"

namespace flow {
namespace {

constexpr std::string_view purpose = "kept-search";
constexpr std::size_t longest = 4096;

}  // namespace

std::string seal_search(const House& house, const base::Id& session_id, std::string_view asked) {
  return base::to_base64url(house.master.seal(purpose, asked, session_id.bytes()));
}

base::Result<std::string> open_search(const House& house, const base::Id& session_id, std::string_view sealed) {
  if (sealed.size() > longest) return base::fail(base::Code::invalid_input, "too long");
  ASSIGN_OR_RETURN(const base::Bytes octets, base::parse_base64url(sealed));
  ASSIGN_OR_RETURN(const base::Secret plain, house.master.open(purpose, octets, session_id.bytes()));
  return std::string(plain.reveal());
}

}  // namespace flow
