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
/// What a proof is worth by itself.
enum class Alone : std::uint8_t {
  one,       // a part of a level
  two,       // two factors: the device has verified the person
  resistant  // level 3, but nobody can tell how the key is protected (RFC 8176 "swk")
};
constexpr std::array<std::string_view, 3> lockout_kinds{"password", "code", "key"};

struct Row {
  ProofMethod method;
  std::string_view name;
  std::string_view amr;      // RFC 8176 §2; "" = it has no value for it
  std::size_t lockout_kind;  // of lockout_kinds
  Kind kind = Kind::held;
  bool counts = true;  // for the level
  Alone alone = Alone::one;
  std::string_view way = {};  // of login, if not `name`
};
constexpr std::array<Row, 11> table{{
    {ProofMethod::password, "password", "pwd", 0, Kind::known},
    {ProofMethod::sms, "sms", "otp sms", 1},
    {ProofMethod::totp, "totp", "otp", 1},
    {ProofMethod::passkey, "passkey", "pop user", 2, Kind::resistant, true, Alone::two},
    {ProofMethod::security_key, "security_key", "pop user", 2, Kind::resistant},
    {ProofMethod::recovery, "recovery", "otp", 1},
    {ProofMethod::email, "email", "otp", 1, Kind::held, false},
    {ProofMethod::remembered, "remembered", "", 0, Kind::held, false},
    {ProofMethod::certificate, "certificate", "swk", 2, Kind::resistant, true, Alone::resistant},
    {ProofMethod::certificate_hardware, "certificate_hardware", "hwk", 2, Kind::resistant, true, Alone::resistant,
     "certificate"},
    {ProofMethod::certificate_card, "certificate_card", "sc", 2, Kind::resistant, true, Alone::two, "certificate"},
}};

const Row& row_of(ProofMethod method) {
  return *std::find_if(table.begin(), table.end(), [method](const Row& row) { return row.method == method; });
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

std::span<const std::string_view> ways_of_login() {
  static constexpr std::array<std::string_view, 3> ways{"password", "passkey", "certificate"};
  return ways;
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
  const bool is_enough = std::any_of(methods_.begin(), methods_.end(),
                                     [](ProofMethod one) { return row_of(one).alone == Alone::resistant; });
  if (is_enough) return 3;
  if (!has_two_factors()) return 1;
  const auto is_resistant = [](ProofMethod one) { return row_of(one).kind == Kind::resistant; };
  return std::any_of(methods_.begin(), methods_.end(), is_resistant) ? 3 : 2;
}

bool Proofs::has_two_factors() const {
  bool is_known = false;
  bool is_held = false;
  bool is_whole = false;
  for (const ProofMethod method : methods_) {
    const Row& row = row_of(method);
    if (!row.counts) continue;
    is_known = is_known || row.kind == Kind::known;
    is_held = is_held || row.kind != Kind::known;
    is_whole = is_whole || row.alone == Alone::two;
  }
  return is_whole || (is_known && is_held);
}

std::string Proofs::to_names() const {
  std::string names;
  for (const ProofMethod method : methods_) base::append_word(names, row_of(method).name);
  return names;
}

std::string Proofs::to_amr() const {
  std::string amr;
  for (const ProofMethod method : methods_) {
    base::for_each_word(row_of(method).amr, [&](std::string_view value) {
      if (!base::has_word(amr, value)) base::append_word(amr, value);
    });
  }
  if (has_two_factors()) base::append_word(amr, "mfa");
  return amr;
}

std::string_view Proofs::first_method() const {
  if (methods_.empty()) return {};
  const Row& row = row_of(methods_.front());
  return row.way.empty() ? row.name : row.way;
}

}  // namespace rights
