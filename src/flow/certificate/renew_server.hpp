// Certificates of listeners that the own authority has issued (profile tls_server) are renewed by the server itself,
// for the same names and the same key: when less than a third of their time is left, when they or their authority were
// revoked, and when an administrator asks for it. A listener's certificate of somebody else is never touched.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/certificate/issue_certificate.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

enum class ServerRenewal : std::uint8_t {
  foreign,   // not issued here, or for something else
  good,      // there is time
  due,       // a new one is to be issued
  forbidden  // its key was revoked as compromised, so that the same key must not be certified again
};
/// `sha256`: lower-case hexadecimal. Errors: unavailable.
base::Result<ServerRenewal> judge_server_certificate(const House& house, std::string_view sha256, base::Time now);

/// The next certificate; its predecessor stays good until its end, because other nodes may still show it. `der`: the
/// predecessor. Errors: conflict (it is not due, or there is no authority that issues), invalid_input, unavailable.
base::Result<IssuedCertificate> renew_server_certificate(const House& house, base::BytesView der, base::Time now);

/// Every node renews what was issued until now, within seconds. Needs manage_authorities. Errors: denied, conflict
/// (there is no authority).
base::Result<void> ask_server_renewal(const House& house, const rights::Actor& actor, const RequestFacts& facts);

}  // namespace flow
