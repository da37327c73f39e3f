#include "trust/purpose.hpp"

#include <algorithm>
#include <string>

namespace trust {
namespace {

constexpr std::array<std::string_view, 6> names{"client_system", "person_login", "tls_server",
                                                "ocsp",          "time_stamp",   "signature"};
static_assert(names.size() == all_purposes.size());

}  // namespace

std::string_view name_of(Purpose purpose) {
  return names.at(static_cast<std::size_t>(purpose));
}

base::Result<Purpose> parse_purpose(std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return base::fail(base::Code::invalid_input, "no such purpose: " + std::string(name));
  return all_purposes.at(static_cast<std::size_t>(found - names.begin()));
}

crypto::PathPurpose path_purpose_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::tls_server: return crypto::PathPurpose::tls_server;
    case Purpose::ocsp: return crypto::PathPurpose::ocsp;
    case Purpose::time_stamp: return crypto::PathPurpose::time_stamp;
    case Purpose::signature: return crypto::PathPurpose::any;
    case Purpose::client_system:
    case Purpose::person_login: break;
  }
  return crypto::PathPurpose::tls_client;
}

}  // namespace trust
