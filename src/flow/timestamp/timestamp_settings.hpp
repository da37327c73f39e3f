// Settings of time stamps (S4.24).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace flow {

enum class TimestampAccess : std::uint8_t {
  off,     // nobody: only signatures made here are stamped
  known,   // applications and people with the scope "timestamp"
  anyone,  // everybody, each network within a limit
};

struct TimestampSettings {
  TimestampAccess access = TimestampAccess::anyone;
  std::string policy = "2.999.3161.1";       // what a request without a policy gets
  std::vector<std::string> more_policies{};  // what a request may ask for besides
  std::vector<crypto::DigestKind> digests{crypto::DigestKind::sha256, crypto::DigestKind::sha384,
                                          crypto::DigestKind::sha512};
  std::string token{};  // on which the authority's key is made and used, by its name; "" = in software
  base::Secret token_pin{};
  base::Duration accuracy = std::chrono::seconds(1);
  std::int64_t each_minute = 600'000;           // of one application or account
  std::int64_t each_minute_of_network = 6'000;  // of an anonymous network
  /// Where the stamps of signatures made here come from, in this order: "own", or addresses of authorities.
  std::vector<std::string> sources{"own"};
};

}  // namespace flow
