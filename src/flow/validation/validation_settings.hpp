// Settings of validations of signatures (S4.21).
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/time.hpp"
#include "signature/policy/validation_policy.hpp"

namespace flow {

using signature::ValidationPolicy;

struct ValidationSettings {
  /// By name; "default" is always there.
  std::map<std::string, ValidationPolicy, std::less<>> policies{{"default", signature::default_policy()}};
  std::string policy = "default";  // where none is named
  bool offline = false;            // nothing is fetched
  std::int64_t anonymous_each_minute = 20;
  std::size_t most_octets = std::size_t{16} * 1024 * 1024;  // of a signature or a signed document
  base::Duration keep_reports = std::chrono::hours(1);
};

}  // namespace flow
