// What a login has proven (RFC 8176 names the methods): the one list from which its level and its `amr` follow, and
// which may_issue judges before anything is issued.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace rights {

/// One way to prove an identity. Each has its name, its value of `amr` and its strength in one table (proofs.cpp).
enum class ProofMethod : std::uint8_t {
  password,
};

/// "password": for audit events, forms and the contexts that ask for a method.
std::string_view name_of(ProofMethod method);
/// Errors: invalid_input.
base::Result<ProofMethod> parse_proof_method(std::string_view name);

class Proofs {
 public:
  Proofs() = default;
  explicit Proofs(ProofMethod first) : methods_{first} {}
  /// From `amr` as to_amr() wrote it. A value that this program does not know proves nothing and is left out.
  static Proofs from_amr(std::string_view amr);

  void add(ProofMethod method);
  [[nodiscard]] bool empty() const { return methods_.empty(); }
  [[nodiscard]] bool has(ProofMethod method) const;
  /// The acr level: 1 one factor, 2 two factors, 3 phishing-resistant; 0 = nothing was proven.
  [[nodiscard]] std::int64_t level() const;
  /// RFC 8176 values, separated by spaces: "pwd".
  [[nodiscard]] std::string to_amr() const;
  /// The method that the login began with, "" = none.
  [[nodiscard]] std::string_view first_method() const;

  bool operator==(const Proofs&) const = default;

 private:
  std::vector<ProofMethod> methods_;  // in the order in which they were given, none twice
};

}  // namespace rights
