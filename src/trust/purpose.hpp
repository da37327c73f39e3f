// For what a certificate is presented, and what its path must allow for it. Rules without input or output.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "crypto/certificate/verify_chain.hpp"

namespace trust {

enum class Purpose : std::uint8_t {
  client_system,
  person_login,
  tls_server,
  ocsp,
  time_stamp,
  signature,  // of documents
};
inline constexpr std::array all_purposes{Purpose::client_system, Purpose::person_login, Purpose::tls_server,
                                         Purpose::ocsp,          Purpose::time_stamp,   Purpose::signature};
/// "person_login"
std::string_view name_of(Purpose purpose);
/// Errors: invalid_input.
base::Result<Purpose> parse_purpose(std::string_view name);
/// The extended key usage that the path must allow; for signatures any, because key usages decide there.
crypto::PathPurpose path_purpose_of(Purpose purpose);

}  // namespace trust
