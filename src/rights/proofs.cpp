#include "rights/proofs.hpp"

#include <algorithm>
#include <array>

#include "base/words.hpp"

namespace rights {
namespace {

/// What a proof shows. Two of the same kind are one factor.
enum class Kind : std::uint8_t {
  known,     // something that the person knows
  held,      // something that the person has
  resistant  // a key that answers only to this server: no other site can ask for it
};
constexpr std::array<std::string_view, 3> lockout_kinds{"password", "code", "key"};

struct Row {
  ProofMethod method;
  std::string_view name;
  std::string_view amr;      // RFC 8176 §2; "" = it has no value for it
  std::size_t lockout_kind;  // of lockout_kinds
  Kind kind = Kind::held;
  bool counts = true;     // for the level
  bool is_whole = false;  // proves two factors by itself
};
constexpr std::array<Row, 8> table{{
    {ProofMethod::password, "password", "pwd", 0, Kind::known},
    {ProofMethod::sms, "sms", "otp sms", 1},
    {ProofMethod::totp, "totp", "otp", 1},
    {ProofMethod::passkey, "passkey", "pop user", 2, Kind::resistant, true, true},
    {ProofMethod::security_key, "security_key", "pop user", 2, Kind::resistant},
    {ProofMethod::recovery, "recovery", "otp", 1},
    {ProofMethod::email, "email", "otp", 1, Kind::held, false},
    {ProofMethod::remembered, "remembered", "", 0, Kind::held, false},
}};

const Row& row_of(ProofMethod method) {
  return *std::find_if(table.begin(), table.end(), [method](const Row& row) { return row.method == method; });
}

void append_word(std::string& words, std::string_view word) {
  words.append(words.empty() ? "" : " ").append(word);
}

}  // namespace

std::string_view name_of(ProofMethod method) {
  return row_of(method).name;
}

base::Result<ProofMethod> parse_proof_method(std::string_view name) {
  for (const Row& row : table) {
    if (row.name == name) return row.method;
  }
  return base::fail(base::Code::invalid_input, "no such method of a proof: " + std::string(name));
}

std::string_view lockout_kind_of(ProofMethod method) {
  return lockout_kinds.at(row_of(method).lockout_kind);
}

Proofs Proofs::from_names(std::string_view names) {
  Proofs proofs;
  base::for_each_word(names, [&](std::string_view name) {
    if (const auto method = parse_proof_method(name)) proofs.add(*method);
  });
  return proofs;
}

Proofs Proofs::from_amr(std::string_view amr) {
  Proofs proofs;
  if (base::has_word(amr, row_of(ProofMethod::password).amr)) proofs.add(ProofMethod::password);
  return proofs;
}

void Proofs::add(ProofMethod method) {
  if (!has(method)) methods_.push_back(method);
}

bool Proofs::has(ProofMethod method) const {
  return std::find(methods_.begin(), methods_.end(), method) != methods_.end();
}

std::int64_t Proofs::level() const {
  if (methods_.empty()) return 0;
  bool is_known = false;
  bool is_held = false;
  bool is_resistant = false;
  bool is_whole = false;
  for (const ProofMethod method : methods_) {
    const Row& row = row_of(method);
    if (!row.counts) continue;
    is_known = is_known || row.kind == Kind::known;
    is_held = is_held || row.kind != Kind::known;
    is_resistant = is_resistant || row.kind == Kind::resistant;
    is_whole = is_whole || row.is_whole;
  }
  const bool is_two = is_whole || (is_known && is_held);
  if (!is_two) return 1;
  return is_resistant ? 3 : 2;
}

std::string Proofs::to_names() const {
  std::string names;
  for (const ProofMethod method : methods_) append_word(names, row_of(method).name);
  return names;
}

std::string Proofs::to_amr() const {
  std::string amr;
  for (const ProofMethod method : methods_) {
    base::for_each_word(row_of(method).amr, [&](std::string_view value) {
      if (!base::has_word(amr, value)) append_word(amr, value);
    });
  }
  if (level() >= 2) append_word(amr, "mfa");
  return amr;
}

std::string_view Proofs::first_method() const {
  return methods_.empty() ? std::string_view() : name_of(methods_.front());
}

}  // namespace rights
