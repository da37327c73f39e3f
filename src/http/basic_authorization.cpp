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

base::Result<BasicAuthorization> parse_basic(std::string_view header) {
  if (!is_basic(header)) return base::fail(base::Code::invalid_input, "Authorization is not Basic");
  header.remove_prefix(scheme.size());
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  ASSIGN_OR_RETURN(const base::Bytes octets, base::parse_base64(header));
  const std::size_t colon = octets.find(':');
  if (colon == std::string::npos) return base::fail(base::Code::invalid_input, "Authorization has no colon");
  return BasicAuthorization{octets.substr(0, colon), base::Secret(octets.substr(colon + 1))};
}

std::string find_basic_user(const Request& request) {
  const std::string* const header = request.find_header("Authorization");
  if (header == nullptr) return {};
  const auto parsed = parse_basic(*header);
  return parsed ? parsed->user : std::string();
}

base::Result<BasicAuthorization> parse_client_basic(std::string_view header) {
  ASSIGN_OR_RETURN(const BasicAuthorization read, parse_basic(header));
  ASSIGN_OR_RETURN(std::string user, base::percent_decode(read.user, true));
  ASSIGN_OR_RETURN(std::string password, base::percent_decode(read.password.reveal(), true));
  return BasicAuthorization{std::move(user), base::Secret(std::move(password))};
}

std::string parse_bearer(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  if (header.size() <= scheme.size() || ::strncasecmp(header.data(), scheme.data(), scheme.size()) != 0) return {};
  const std::size_t begin = header.find_first_not_of(' ', scheme.size());
  return begin == std::string_view::npos ? std::string() : std::string(header.substr(begin));
}

}  // namespace http
