#include "app/config/validation_policy_file.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "app/config/config_source.hpp"
#include "app/config/config_table.hpp"
#include "base/bytes.hpp"

namespace app {
namespace {

using signature::ValidationPolicy;

constexpr std::size_t largest_file = std::size_t{256} * 1024;
constexpr std::size_t most_files = 50;
constexpr std::size_t most_told = 5;
constexpr std::size_t hex_of_sha256 = 64;
constexpr std::string_view ending = ".toml";

constexpr std::string_view text_of_default =
    R"toml(# How signatures are judged (EN 319 102-1). A file needs only what is different here.

# Until when an algorithm counts, not included: a day, "open" (no end is known) or "never". One that is not named has never
# counted. Keys count from the named size on. Source: ETSI TS 119 312; for MD5 and SHA-1 its forerunner TS 102 176-1.
[algorithms]
md5 = "2004-08-01"
sha1 = "2012-08-01"
sha224 = "2029-01-01"
sha256 = "open"
sha384 = "open"
sha512 = "open"
sha3-256 = "open"
sha3-384 = "open"
sha3-512 = "open"
rsa-pkcs1 = "open"
rsa-pss = "open"
ecdsa = "open"
rsa.1024 = "2011-01-01"
rsa.1536 = "2011-01-01"
rsa.1900 = "2029-01-01"
rsa.2048 = "2029-01-01"
rsa.3000 = "open"
ecc.192 = "2014-01-01"
ecc.224 = "2016-01-01"
ecc.256 = "open"

[chain]
key_usages = ["digitalSignature", "nonRepudiation"]  # the signer's certificate needs one of these; [] = any
most_depth = 6                                       # certificates between the signer's and the trusted one
revocation = true                                    # nothing is valid without an answer about revocation
# Inputs of RFC 5280 section 6.1.1 for the path of the signer's certificate.
policies = []           # OIDs of certificate policies, of which the path must be valid for one; [] = any
explicit_policy = false # true: the path must be valid for a policy, also if the authorities do not demand it
policy_mapping = true   # false: authorities do not replace a policy by another one
any_policy = true       # false: anyPolicy in a certificate stands for no other policy

[revocation]
fresh = "24h"    # an answer counts so long in any case, and further until its next update
offline = false  # true: nothing is fetched
# oldest = "168h"  # an answer that is older never counts

[signature]
certificate_reference = true        # the signature must name its certificate by a signed reference
timestamp = false                   # true: a time stamp that counts is demanded
unknown_policies = "indeterminate"  # a signature under a policy that is not below: "indeterminate" or "ignored"

# Policies of signers: id = SHA-256 of the policy's document, or "" for any.
[signature.policies]

[xml]
partial = false  # true: also a signature that covers only a part of the document that it is in
transforms = [
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
]

[timestamps]
policies = []  # OIDs that count; [] = all of trusted authorities
# longest_delay = "24h"  # from the time that the signer names to the time stamp

[trust]
anchors = []  # SHA-256 of authorities; [] = all that the installation trusts for signatures and time stamps
)toml";

class Reading {
 public:
  Reading(std::string name, std::string_view text) : text_(text) {
    reading_.policy = signature::default_policy();
    reading_.policy.name = std::move(name);
  }

  PolicyReading run() {
    const Source source = take_apart(text_);
    if (!source.error.empty()) {
      note(source.error_line, "this is no TOML: " + source.error);
      return std::move(reading_);
    }
    for (const SourceTable& one : source.tables) note(one.line, "there are no tables [[" + one.key + "]]");
    if (source.tables.empty()) {
      for (const SourceValue& one : source.values) take(one);
    }
    return std::move(reading_);
  }

 private:
  using Take = void (Reading::*)(const SourceValue&);
  struct Key {
    std::string_view name;
    Take take;
  };
  static constexpr std::size_t count_of_keys = 18;
  static const std::array<Key, count_of_keys>& keys() {
    static const std::array<Key, count_of_keys> all{{
        {"chain.key_usages", &Reading::take_key_usages},
        {"chain.most_depth", &Reading::take_most_depth},
        {"chain.revocation", &Reading::take_revocation},
        {"chain.policies", &Reading::take_certificate_policies},
        {"chain.explicit_policy", &Reading::take_explicit_policy},
        {"chain.policy_mapping", &Reading::take_policy_mapping},
        {"chain.any_policy", &Reading::take_any_policy},
        {"revocation.fresh", &Reading::take_fresh},
        {"revocation.oldest", &Reading::take_oldest},
        {"revocation.offline", &Reading::take_offline},
        {"signature.certificate_reference", &Reading::take_reference},
        {"signature.timestamp", &Reading::take_timestamp},
        {"signature.unknown_policies", &Reading::take_unknown_policies},
        {"xml.partial", &Reading::take_partial},
        {"xml.transforms", &Reading::take_transforms},
        {"timestamps.policies", &Reading::take_timestamp_policies},
        {"timestamps.longest_delay", &Reading::take_longest_delay},
        {"trust.anchors", &Reading::take_anchors},
    }};
    return all;
  }

  void note(std::uint32_t line, std::string what) { reading_.mistakes.push_back({line, std::move(what)}); }
  void note(const SourceValue& value, const std::string& what) { note(value.line, value.key + " " + what); }

  void take(const SourceValue& value) {
    constexpr std::string_view algorithms = "algorithms.";
    constexpr std::string_view policies = "signature.policies.";
    if (value.key.starts_with(algorithms)) return take_algorithm(value, value.key.substr(algorithms.size()));
    if (value.key.starts_with(policies)) return take_signature_policy(value, value.key.substr(policies.size()));
    if (value.key == "trust.lists") return note(value, "cannot be set: trusted lists are not read yet");
    for (const Key& one : keys()) {
      if (one.name == value.key) return (this->*one.take)(value);
    }
    std::vector<std::string> known;
    for (const Key& one : keys()) known.emplace_back(one.name);
    const std::string nearest = find_nearest(value.key, known);
    note(value, "is no key of a policy" + (nearest.empty() ? std::string() : "; perhaps " + nearest + " is meant"));
  }

  const std::string* text_of(const SourceValue& value) {
    const auto* const text = std::get_if<std::string>(&value.data);
    if (text == nullptr) note(value, "must be a text in quotes");
    return text;
  }
  const std::vector<std::string>* list_of(const SourceValue& value) {
    const auto* const list = std::get_if<std::vector<std::string>>(&value.data);
    if (list == nullptr) note(value, "must be a list of texts");
    return list;
  }
  void take_truth(const SourceValue& value, bool& into) {
    if (const auto* const truth = std::get_if<bool>(&value.data)) {
      into = *truth;
    } else {
      note(value, "must be true or false");
    }
  }
  std::optional<base::Duration> duration_of(const SourceValue& value) {
    const std::string* const text = text_of(value);
    if (text == nullptr) return std::nullopt;
    Row row;
    row.key = value.key;
    row.type = ValueType::duration;
    const auto read = convert(row, *text);
    if (!read || read->number < 0) {
      note(value, "must be a time such as \"24h\" or \"30m\"");
      return std::nullopt;
    }
    return base::Duration(read->number);
  }

  void take_algorithm(const SourceValue& value, const std::string& name) {
    if (!signature::is_algorithm_name(name)) return note(value, "names no algorithm that is known");
    const std::string* const text = text_of(value);
    if (text == nullptr) return;
    auto& algorithms = reading_.policy.algorithms;
    if (*text == "never") {
      algorithms.erase(name);
    } else if (*text == "open") {
      algorithms[name] = std::nullopt;
    } else if (const auto day = base::parse_rfc3339(*text + "T00:00:00Z")) {
      algorithms[name] = *day;
    } else {
      note(value, "must be a day such as \"2029-01-01\", \"open\" or \"never\"");
    }
  }

  void take_signature_policy(const SourceValue& value, const std::string& id) {
    const std::string* const text = text_of(value);
    if (text == nullptr) return;
    const bool is_digest = text->size() == hex_of_sha256 && base::parse_hex(*text).has_value();
    if (!text->empty() && !is_digest) return note(value, "must be a SHA-256 of 64 hexadecimal digits, or \"\"");
    const auto octets = base::parse_hex(*text);
    reading_.policy.signature_policies[id] = octets ? base::to_hex(*octets) : std::string();
  }

  void take_key_usages(const SourceValue& value) {
    const auto* const list = list_of(value);
    if (list == nullptr) return;
    for (const std::string& one : *list) {
      if (!signature::is_key_usage_name(one)) return note(value, "may name digitalSignature and nonRepudiation");
    }
    reading_.policy.key_usages = *list;
  }
  void take_most_depth(const SourceValue& value) {
    constexpr std::int64_t most = 20;
    const auto* const number = std::get_if<std::int64_t>(&value.data);
    if (number == nullptr || *number < 0 || *number > most) return note(value, "must be a number from 0 to 20");
    reading_.policy.most_depth = static_cast<std::size_t>(*number);
  }
  void take_revocation(const SourceValue& value) { take_truth(value, reading_.policy.needs_revocation); }
  void take_certificate_policies(const SourceValue& value) {
    const auto* const list = list_of(value);
    if (list == nullptr) return;
    for (const std::string& one : *list) {
      if (!signature::is_policy_id(one)) return note(value, "must have OIDs such as \"1.2.616.1.113725.0.0.4\"");
    }
    reading_.policy.certificate_policies = *list;
  }
  void take_explicit_policy(const SourceValue& value) { take_truth(value, reading_.policy.needs_certificate_policy); }
  void take_policy_mapping(const SourceValue& value) {
    bool allows = true;
    take_truth(value, allows);
    reading_.policy.refuses_policy_mapping = !allows;
  }
  void take_any_policy(const SourceValue& value) {
    bool allows = true;
    take_truth(value, allows);
    reading_.policy.refuses_any_policy = !allows;
  }
  void take_fresh(const SourceValue& value) {
    if (const auto time = duration_of(value)) reading_.policy.fresh = *time;
  }
  void take_oldest(const SourceValue& value) {
    if (const auto time = duration_of(value)) reading_.policy.oldest = *time;
  }
  void take_offline(const SourceValue& value) { take_truth(value, reading_.policy.is_offline); }
  void take_reference(const SourceValue& value) { take_truth(value, reading_.policy.needs_certificate_reference); }
  void take_timestamp(const SourceValue& value) { take_truth(value, reading_.policy.needs_timestamp); }
  void take_unknown_policies(const SourceValue& value) {
    const std::string* const text = text_of(value);
    if (text == nullptr) return;
    if (*text != "indeterminate" && *text != "ignored") return note(value, "must be \"indeterminate\" or \"ignored\"");
    reading_.policy.ignores_unknown_policies = *text == "ignored";
  }
  void take_partial(const SourceValue& value) { take_truth(value, reading_.policy.allows_partial); }
  void take_transforms(const SourceValue& value) {
    const auto* const list = list_of(value);
    if (list == nullptr) return;
    const auto known = signature::default_policy().transforms;
    for (const std::string& one : *list) {
      if (std::find(known.begin(), known.end(), one) == known.end()) {
        return note(value, "names a transform that is never allowed: " + one);
      }
    }
    reading_.policy.transforms = *list;
  }
  void take_timestamp_policies(const SourceValue& value) {
    if (const auto* const list = list_of(value)) reading_.policy.timestamp_policies = *list;
  }
  void take_longest_delay(const SourceValue& value) {
    if (const auto time = duration_of(value)) reading_.policy.longest_delay = *time;
  }
  void take_anchors(const SourceValue& value) {
    const auto* const list = list_of(value);
    if (list == nullptr) return;
    std::vector<std::string> anchors;
    for (const std::string& one : *list) {
      const auto octets = base::parse_hex(one);
      if (!octets || one.size() != hex_of_sha256) return note(value, "must have SHA-256s of 64 hexadecimal digits");
      anchors.push_back(base::to_hex(*octets));
    }
    reading_.policy.anchors = std::move(anchors);
  }

  std::string_view text_;
  PolicyReading reading_;
};

}  // namespace

PolicyReading read_validation_policy(std::string name, std::string_view text) {
  return Reading(std::move(name), text).run();
}

base::Result<PolicyReading> read_validation_policy_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::fail(base::Code::not_found, "the file " + path + " cannot be read");
  std::string text(largest_file + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > largest_file) return base::fail(base::Code::invalid_input, "the file " + path + " is too large");
  std::string name = std::filesystem::path(path).filename().string();
  if (name.ends_with(ending)) name.resize(name.size() - ending.size());
  return read_validation_policy(std::move(name), text);
}

base::Result<std::map<std::string, ValidationPolicy, std::less<>>> read_policy_folder(const std::string& folder) {
  std::map<std::string, ValidationPolicy, std::less<>> policies{{"default", signature::default_policy()}};
  std::error_code error;
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ending) paths.push_back(entry.path().string());
  }
  if (error) return base::fail(base::Code::not_found, "the folder " + folder + " cannot be read");
  if (paths.size() > most_files) return base::fail(base::Code::invalid_input, folder + " has more than 50 policies");
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(PolicyReading reading, read_validation_policy_file(path));
    std::string told;
    for (std::size_t i = 0; i < std::min(reading.mistakes.size(), most_told); ++i) {
      const PolicyMistake& one = reading.mistakes[i];
      told += (told.empty() ? "" : "; ") + path + ":" + std::to_string(one.line) + ": " + one.what;
    }
    if (!told.empty()) return base::fail(base::Code::invalid_input, told);
    std::string name = reading.policy.name;
    policies.insert_or_assign(std::move(name), std::move(reading.policy));
  }
  return policies;
}

std::string_view print_default_policy() {
  return text_of_default;
}

}  // namespace app
