// Policies for the verification of signatures as files.
#include "app/config/validation_policy_file.hpp"

#include <doctest/doctest.h>

namespace {

signature::ValidationPolicy read(const std::string& text) {
  auto reading = app::read_validation_policy("default", text);
  for (const auto& one : reading.mistakes) FAIL(one.line, ": ", one.what);
  return reading.policy;
}

/// "3: chain.depth is no key …"
std::string mistake_of(const std::string& text) {
  const auto reading = app::read_validation_policy("default", text);
  return reading.mistakes.empty()
             ? std::string()
             : std::to_string(reading.mistakes.front().line) + ": " + reading.mistakes.front().what;
}
bool is_mistake(const std::string& text, const std::string& part) {
  const std::string told = mistake_of(text);
  INFO(told);
  return told.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the file that is printed says what is built in") {
  CHECK(read(std::string(app::print_default_policy())) == signature::default_policy());
  CHECK(read("") == signature::default_policy());
}

TEST_CASE("a file changes what it names, and nothing else") {
  const auto policy = read(R"(
[algorithms]
sha1 = "2030-01-01"
sha224 = "never"
rsa.2048 = "2026-01-01"
[chain]
key_usages = ["nonRepudiation"]
most_depth = 3
revocation = false
policies = ["2.16.840.1.101.3.2.1.48.1"]
explicit_policy = true
policy_mapping = false
any_policy = false
[revocation]
fresh = "2h"
oldest = "168h"
offline = true
[signature]
certificate_reference = false
timestamp = true
unknown_policies = "ignored"
[signature.policies]
"1.2.616.1" = ""
[xml]
partial = true
transforms = ["http://www.w3.org/2001/10/xml-exc-c14n#"]
[timestamps]
policies = ["1.3.6.1.4.1.1"]
longest_delay = "24h"
[trust]
anchors = ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
)");
  CHECK(policy.algorithms.at("sha1") == base::parse_rfc3339("2030-01-01T00:00:00Z").value());
  CHECK_FALSE(policy.algorithms.contains("sha224"));
  CHECK(policy.algorithms.at("rsa.2048") == base::parse_rfc3339("2026-01-01T00:00:00Z").value());
  CHECK(policy.algorithms.at("sha256") == std::nullopt);
  CHECK(policy.key_usages == std::vector<std::string>{"nonRepudiation"});
  CHECK(policy.most_depth == 3);
  CHECK_FALSE(policy.needs_revocation);
  CHECK(policy.certificate_policies == std::vector<std::string>{"2.16.840.1.101.3.2.1.48.1"});
  CHECK(policy.needs_certificate_policy);
  CHECK(policy.refuses_policy_mapping);
  CHECK(policy.refuses_any_policy);
  CHECK(policy.fresh == std::chrono::hours(2));
  CHECK(policy.oldest == std::chrono::hours(168));
  CHECK(policy.is_offline);
  CHECK_FALSE(policy.needs_certificate_reference);
  CHECK(policy.needs_timestamp);
  CHECK(policy.ignores_unknown_policies);
  CHECK(policy.signature_policies.at("1.2.616.1").empty());
  CHECK(policy.allows_partial);
  CHECK(policy.transforms.size() == 1);
  CHECK(policy.timestamp_policies.size() == 1);
  CHECK(policy.longest_delay == std::chrono::hours(24));
  CHECK(policy.anchors == std::vector<std::string>{std::string(64, 'a')});
}

TEST_CASE("every mistake is told with its line, unknown keys with the nearest known one") {
  CHECK(is_mistake("[chain]\nmost_dept = 3\n", "2: chain.most_dept is no key of a policy; perhaps chain.most_depth"));
  CHECK(is_mistake("[algorithms]\nsha3 = \"open\"\n", "names no algorithm"));
  CHECK(is_mistake("[algorithms]\nsha1 = \"soon\"\n", "must be a day"));
  CHECK(is_mistake("[algorithms]\nsha1 = \"2026-02-30\"\n", "must be a day"));
  CHECK(is_mistake("[chain]\nmost_depth = 21\n", "from 0 to 20"));
  CHECK(is_mistake("[chain]\npolicies = [\"anyPolicy\"]\n", "must have OIDs"));
  CHECK(is_mistake("[chain]\npolicies = [\"1.2.\"]\n", "must have OIDs"));
  CHECK(is_mistake("[chain]\nexplicit_policy = \"yes\"\n", "must be true or false"));
  CHECK(is_mistake("[chain]\nkey_usages = [\"keyCertSign\"]\n", "nonRepudiation"));
  CHECK(is_mistake("[revocation]\nfresh = \"a day\"\n", "must be a time"));
  CHECK(is_mistake("[revocation]\noffline = \"yes\"\n", "must be true or false"));
  CHECK(is_mistake("[xml]\ntransforms = [\"http://www.w3.org/TR/1999/REC-xslt-19991116\"]\n", "never allowed"));
  CHECK(is_mistake("[trust]\nanchors = [\"12\"]\n", "64 hexadecimal digits"));
  CHECK(is_mistake("[trust]\nlists = []\n", "trusted lists are not read yet"));
  CHECK(is_mistake("[[chain]]\nmost_depth = 3\n", "there are no tables"));
  CHECK(is_mistake("chain = [\n", "this is no TOML"));
  CHECK(app::read_validation_policy("p", "[chain]\nx = 1\ny = 2\n").mistakes.size() == 2);
}
