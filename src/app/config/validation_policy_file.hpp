// Validation policies as files (TOML): read completely, every mistake with its line, unknown keys included. What a file
// does not set is as in the policy that is built in.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "signature/policy/validation_policy.hpp"

namespace app {

struct PolicyMistake {
  std::uint32_t line = 0;
  std::string what;  // a sentence
};
struct PolicyReading {
  signature::ValidationPolicy policy;  // only usable without mistakes
  std::vector<PolicyMistake> mistakes;
};
PolicyReading read_validation_policy(std::string name, std::string_view text);
/// A file; its name without ".toml" is that of the policy. Errors: not_found, invalid_input (too large).
base::Result<PolicyReading> read_validation_policy_file(const std::string& path);

/// The policies of all files *.toml of a folder, by name, and the one that is built in as "default" unless a file has
/// that name. Errors: not_found, invalid_input with the first mistakes, for the operator.
base::Result<std::map<std::string, signature::ValidationPolicy, std::less<>>> read_policy_folder(
    const std::string& folder);

/// The policy that is built in, as a file with comments. What it says is signature::default_policy().
std::string_view print_default_policy();

}  // namespace app
