// What a login has proven (RFC 8176 names the methods): the one list from which its level and its `amr` follow, and
// which may_issue judges before anything is issued.
//
// Level 1 one factor, 2 two factors of different kinds (something known, something held), 3 phishing-resistant. A code
// by e-mail and a remembered device raise no level: a mailbox is often open with the same password, and the device was
// proven at an earlier login.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace rights {

/// One way to prove an identity. Each has its name, its value of `amr` and its strength in one table (proofs.cpp).
enum class ProofMethod : std::uint8_t {
  password,
  sms,                   // code by SMS
  totp,                  // code of an authenticator app (RFC 6238)
  passkey,               // WebAuthn, with the person verified by the device
  security_key,          // WebAuthn, with presence only
  recovery,              // one of the printed codes
  email,                 // code by e-mail
  remembered,            // the first step of an earlier login on this device (S3.2)
  certificate,           // X.509 over TLS (S4.4), with its key in software; as its authority is configured:
  certificate_hardware,  // … in hardware
  certificate_card,      // … on a smart card
};

/// "password": for audit events and forms.
std::string_view name_of(ProofMethod method);
/// Errors: invalid_input.
base::Result<ProofMethod> parse_proof_method(std::string_view name);
/// The ways of login that a context can demand: "password", "passkey", "certificate".
std::span<const std::string_view> ways_of_login();
/// What is counted together when it fails (S4.7): "password", "code" (whatever a person types besides), "key".
std::string_view lockout_kind_of(ProofMethod method);

class Proofs {
 public:
  Proofs() = default;
  explicit Proofs(ProofMethod first) : methods_{first} {}
  /// From names as to_names() wrote them. A name that this program does not know proves nothing and is left out.
  static Proofs from_names(std::string_view names);
  /// From the `amr` of a program that knew passwords only; other values prove nothing.
  static Proofs from_amr(std::string_view amr);

  void add(ProofMethod method);
  [[nodiscard]] bool empty() const { return methods_.empty(); }
  [[nodiscard]] bool has(ProofMethod method) const;
  /// The acr level: 1 one factor, 2 two factors, 3 phishing-resistant; 0 = nothing was proven.
  [[nodiscard]] std::int64_t level() const;
  /// Whether two factors of different kinds were proven.
  [[nodiscard]] bool has_two_factors() const;
  /// Names, separated by spaces, in the order in which they were given: "password sms".
  [[nodiscard]] std::string to_names() const;
  /// RFC 8176 values, separated by spaces: "pwd", "pwd otp sms mfa".
  [[nodiscard]] std::string to_amr() const;
  /// The way of login that it began with, as contexts and policies name it ("certificate" for every place of its key);
  /// "" = none.
  [[nodiscard]] std::string_view first_method() const;

  [[nodiscard]] const std::vector<ProofMethod>& methods() const { return methods_; }

  bool operator==(const Proofs&) const = default;

 private:
  std::vector<ProofMethod> methods_;  // in the order in which they were given, none twice
};

}  // namespace rights
