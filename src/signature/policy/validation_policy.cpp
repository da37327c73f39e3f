#include "signature/policy/validation_policy.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "crypto/cms/der.hpp"

namespace signature {
namespace {

using State = AlgorithmJudgement::State;

constexpr std::array<std::string_view, 4> schemes{"rsa-pkcs1", "rsa-pss", "ecdsa", "dsa"};
constexpr std::array<std::string_view, 2> families{"rsa.", "ecc."};
constexpr std::array<std::string_view, 2> key_usages{"digitalSignature", "nonRepudiation"};
constexpr int most_bits = 16384;

std::optional<int> bits_of(std::string_view text) {
  int bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (error != std::errc() || end != text.data() + text.size() || bits < 1 || bits > most_bits) return std::nullopt;
  return bits;
}

base::Time begin_of(int year, unsigned month) {
  return base::Time(std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) / 1));
}

AlgorithmJudgement judge(std::string name, const std::optional<base::Time>& until, base::Time at) {
  const bool is_over = until && at >= *until;
  return {is_over ? State::ended : State::good, until, std::move(name)};
}

AlgorithmJudgement judge_named(const ValidationPolicy& policy, std::string_view name, base::Time at) {
  const auto found = policy.algorithms.find(name);
  if (found == policy.algorithms.end()) return {State::never, std::nullopt, std::string(name)};
  return judge(std::string(name), found->second, at);
}

int rank_of(State state) {
  if (state == State::never) return 2;
  return state == State::ended ? 1 : 0;
}

}  // namespace

ValidationPolicy default_policy() {
  ValidationPolicy policy;
  policy.algorithms = {
      {"md5", begin_of(2004, 8)},      {"sha1", begin_of(2012, 8)},     {"sha224", begin_of(2029, 1)},
      {"sha256", std::nullopt},        {"sha384", std::nullopt},        {"sha512", std::nullopt},
      {"sha3-256", std::nullopt},      {"sha3-384", std::nullopt},      {"sha3-512", std::nullopt},
      {"rsa-pkcs1", std::nullopt},     {"rsa-pss", std::nullopt},       {"ecdsa", std::nullopt},
      {"rsa.1024", begin_of(2011, 1)}, {"rsa.1536", begin_of(2011, 1)}, {"rsa.1900", begin_of(2029, 1)},
      {"rsa.2048", begin_of(2029, 1)}, {"rsa.3000", std::nullopt},      {"ecc.192", begin_of(2014, 1)},
      {"ecc.224", begin_of(2016, 1)},  {"ecc.256", std::nullopt},
  };
  policy.key_usages = {"digitalSignature", "nonRepudiation"};
  policy.transforms = {
      "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
      "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
      "http://www.w3.org/2006/12/xml-c14n11",
      "http://www.w3.org/2006/12/xml-c14n11#WithComments",
      "http://www.w3.org/2001/10/xml-exc-c14n#",
      "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
      "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
      "http://www.w3.org/2000/09/xmldsig#base64",
      "http://www.w3.org/TR/1999/REC-xpath-19991116",
      "http://www.w3.org/2002/06/xmldsig-filter2",
  };
  return policy;
}

bool is_algorithm_name(std::string_view name) {
  if (std::find(schemes.begin(), schemes.end(), name) != schemes.end()) return true;
  for (const std::string_view family : families) {
    if (name.starts_with(family)) return bits_of(name.substr(family.size())).has_value();
  }
  return crypto::parse_digest_kind(name).has_value();
}

bool is_key_usage_name(std::string_view name) {
  return std::find(key_usages.begin(), key_usages.end(), name) != key_usages.end();
}

bool is_policy_id(std::string_view text) {
  constexpr std::size_t longest = 200;
  const auto oid = text.size() <= longest ? crypto::der::make_oid(text) : base::Result<base::Bytes>();
  return oid && !oid->empty();
}

AlgorithmJudgement judge_digest(const ValidationPolicy& policy, crypto::DigestKind kind, base::Time at) {
  return judge_named(policy, crypto::name_of(kind), at);
}

AlgorithmJudgement judge_scheme(const ValidationPolicy& policy, crypto::SignatureScheme scheme, base::Time at) {
  return judge_named(policy, schemes.at(static_cast<std::size_t>(scheme)), at);
}

AlgorithmJudgement judge_key_size(const ValidationPolicy& policy, std::string_view family, int bits, base::Time at) {
  const std::string prefix = std::string(family) + ".";
  const std::string name = std::string(family) + " " + std::to_string(bits);
  int best = 0;
  std::optional<base::Time> until;
  for (const auto& [key, end] : policy.algorithms) {
    if (!key.starts_with(prefix)) continue;
    const int from = bits_of(std::string_view(key).substr(prefix.size())).value_or(0);
    if (from > bits || from <= best) continue;
    best = from;
    until = end;
  }
  if (best == 0) return {State::never, std::nullopt, name};
  return judge(name, until, at);
}

AlgorithmJudgement worst_of(AlgorithmJudgement one, AlgorithmJudgement other) {
  if (rank_of(other.state) != rank_of(one.state)) return rank_of(other.state) > rank_of(one.state) ? other : one;
  if (one.state == State::ended && other.until < one.until) return other;
  return one;
}

bool is_fresh(const ValidationPolicy& policy, base::Time this_update, std::optional<base::Time> next_update,
              base::Time control_time) {
  if (this_update >= control_time) return true;
  const base::Duration age = control_time - this_update;
  if (policy.oldest && age > *policy.oldest) return false;
  return age <= policy.fresh || (next_update && control_time <= *next_update);
}

}  // namespace signature
