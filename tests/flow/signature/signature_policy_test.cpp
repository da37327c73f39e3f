// Signature policies that a signer names (EPES), as the configuration has them.
#include <doctest/doctest.h>

#include "flow/signature/job_fixture.hpp"

namespace {

signature::PolicyReference reference(const std::string& id) {
  return {id, crypto::DigestKind::sha256, base::Bytes(32, 'a'), "https://clinic.example/policy.pdf"};
}

struct Fixture : testing::JobFixture {
  explicit Fixture(const std::string& standard = {}) {
    settings_of_desk.policies = {{"clinic", reference("1.2.616.1.113725.1")},
                                 {"ward", reference("1.2.616.1.113725.2")}};
    settings_of_desk.policy = standard;
    begin_process();
  }
  /// The id in the one signature of the result.
  std::string policy_of(flow::Format format, const std::string& wanted) {
    flow::JobWish wish =
        job_wish(format, format == flow::Format::cades ? flow::Packaging::enveloping : flow::Packaging::enveloped);
    wish.policy = wanted;
    add(wish, "letter.xml", "<letter/>");
    const std::string signature = result(signed_job(wish));
    const signature::DocumentView view = format == flow::Format::cades ? signature::read_cades(signature, nullptr)
                                                                       : signature::read_xades(signature, {});
    REQUIRE(is_right(view));
    CHECK((view.signatures.front().policy.empty() || view.signatures.front().policy_digest == base::Bytes(32, 'a')));
    return view.signatures.front().policy;
  }
};

}  // namespace

TEST_CASE("a signature names the policy that was asked for, with the digest of its document") {
  Fixture f;
  for (const auto format : {flow::Format::cades, flow::Format::xades}) {
    CHECK(f.policy_of(format, "clinic") == "1.2.616.1.113725.1");
    CHECK(f.policy_of(format, "ward") == "1.2.616.1.113725.2");
    CHECK(f.policy_of(format, "").empty());
  }
}

TEST_CASE(
    "the policy of the configuration is named where nobody asks for one, and another one is refused by its name") {
  Fixture f("ward");
  CHECK(f.policy_of(flow::Format::cades, "") == "1.2.616.1.113725.2");
  CHECK(f.policy_of(flow::Format::xades, "clinic") == "1.2.616.1.113725.1");
  flow::JobWish wish = f.job_wish();
  wish.policy = "1.2.616.1.113725.1";
  Fixture::add(wish, "letter.txt", "text");
  CHECK(f.refusal_of(wish) == "policy_unknown");
}
