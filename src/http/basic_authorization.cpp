#include "http/basic_authorization.hpp"

#include <strings.h>

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"

namespace http {
namespace {

constexpr std::string_view scheme = "basic ";

}  // namespace

bool is_basic(std::string_view header) {
  return header.size() >= scheme.size() && ::strncasecmp(header.data(), scheme.data(), scheme.size()) == 0;
}

base::Result<BasicAuthorization> parse_client_basic(std::string_view header) {
  if (!is_basic(header)) return base::fail(base::Code::invalid_input, "Authorization is not Basic");
  header.remove_prefix(scheme.size());
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  ASSIGN_OR_RETURN(const base::Bytes octets, base::parse_base64(header));
  const std::size_t colon = octets.find(':');
  if (colon == std::string::npos) return base::fail(base::Code::invalid_input, "Authorization has no colon");
  ASSIGN_OR_RETURN(std::string user, base::percent_decode(std::string_view(octets).substr(0, colon), true));
  ASSIGN_OR_RETURN(std::string password, base::percent_decode(std::string_view(octets).substr(colon + 1), true));
  return BasicAuthorization{std::move(user), base::Secret(std::move(password))};
}

}  // namespace http
