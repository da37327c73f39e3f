#include "identity/factor/factor.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace identity {
namespace {

constexpr std::array<std::pair<FactorKind, std::string_view>, 3> names{{
    {FactorKind::totp, "totp"},
    {FactorKind::passkey, "webauthn"},
    {FactorKind::recovery, "recovery"},
}};

}  // namespace

std::string_view name_of(FactorKind kind) {
  return std::find_if(names.begin(), names.end(), [kind](const auto& one) { return one.first == kind; })->second;
}

base::Result<FactorKind> parse_factor_kind(std::string_view name) {
  const auto* const found =
      std::find_if(names.begin(), names.end(), [name](const auto& one) { return one.second == name; });
  if (found == names.end()) return base::fail(base::Code::invalid_input, "no such factor: " + std::string(name));
  return found->first;
}

}  // namespace identity
