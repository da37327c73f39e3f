#include "rights/factor_policy.hpp"

#include <doctest/doctest.h>

using rights::change_policy;
using rights::combine;
using rights::FactorDemand;
using rights::FactorPolicy;
using rights::is_met;
using rights::ProofMethod;
using rights::Proofs;

namespace {

Proofs proven(std::initializer_list<ProofMethod> methods) {
  Proofs proofs;
  for (const ProofMethod method : methods) proofs.add(method);
  return proofs;
}

bool is_met_by(const FactorDemand& demand, std::initializer_list<ProofMethod> methods, std::string_view login_ip = "",
               std::string_view request_ip = "") {
  const Proofs proofs = proven(methods);
  return is_met(demand, {proofs, login_ip, request_ip.empty() ? login_ip : request_ip});
}

FactorPolicy policy_with(const std::map<std::string, std::string>& rules) {
  auto policy = change_policy({}, rules);
  REQUIRE(policy);
  return *policy;
}

}  // namespace

TEST_CASE("without a policy a password is enough, and with one a second step that it counts is needed") {
  CHECK(is_met_by({}, {ProofMethod::password}));
  CHECK_FALSE(is_met_by({}, {}));
  const FactorDemand demand = combine({policy_with({{"methods", "sms totp"}})});
  CHECK_FALSE(is_met_by(demand, {ProofMethod::password}));
  CHECK(is_met_by(demand, {ProofMethod::password, ProofMethod::sms}));
  CHECK_FALSE(is_met_by(demand, {ProofMethod::password, ProofMethod::email}));
  CHECK_FALSE(is_met_by(demand, {ProofMethod::password, ProofMethod::recovery}));
  CHECK_FALSE(is_met_by(demand, {}));
}

TEST_CASE("a first step alone is never its own second step") {
  const FactorDemand demand = combine({policy_with({{"methods", "passkey sms"}, {"whole_logins", ""}})});
  CHECK_FALSE(is_met_by(demand, {ProofMethod::passkey}));
  CHECK_FALSE(is_met_by(demand, {ProofMethod::sms}));
  CHECK(is_met_by(demand, {ProofMethod::remembered, ProofMethod::sms}));
}

TEST_CASE("a remembered device alone opens nothing, whatever is demanded, exempt or trusted") {
  CHECK_FALSE(is_met_by({}, {ProofMethod::remembered}));
  const FactorDemand inside = combine({policy_with({{"exempts_internal", "true"},
                                                    {"internal", "10.0.0.0/8"},
                                                    {"second_step_days", "7"},
                                                    {"first_step_days", "7"}})});
  CHECK_FALSE(is_met_by(inside, {ProofMethod::remembered}, "10.0.0.1"));
  const Proofs proofs(ProofMethod::remembered);
  CHECK_FALSE(is_met(inside, {proofs, "", "", true}));
  CHECK(is_met_by(inside, {ProofMethod::remembered, ProofMethod::sms}));
}

TEST_CASE("the policy says whether a login by passkey counts as two factors") {
  CHECK(is_met_by(combine({policy_with({{"whole_logins", "passkey"}})}), {ProofMethod::passkey}));
  CHECK_FALSE(is_met_by(combine({policy_with({{"whole_logins", "certificate"}})}), {ProofMethod::passkey}));
}

TEST_CASE("a security key counts as a passkey in the second step, and not as a whole login") {
  const FactorDemand demand = combine({policy_with({{"methods", "passkey"}})});
  CHECK(is_met_by(demand, {ProofMethod::password, ProofMethod::security_key}));
  CHECK_FALSE(is_met_by(demand, {ProofMethod::security_key}));
}

TEST_CASE("the first and the last address of an internal network are inside, the next ones are not") {
  const FactorDemand demand =
      combine({policy_with({{"exempts_internal", "true"}, {"internal", "10.0.0.0/8 192.168.178.93 2001:db8:5::/48"}})});
  const auto inside = [&](std::string_view ip) { return is_met_by(demand, {ProofMethod::password}, ip); };
  for (const auto* ip : {"10.0.0.0", "10.255.255.255", "::ffff:10.0.0.1", "192.168.178.93",
                         "2001:db8:5::", "2001:db8:5:ffff:ffff:ffff:ffff:ffff"}) {
    CAPTURE(ip);
    CHECK(inside(ip));
  }
  for (const auto* ip : {"9.255.255.255", "11.0.0.0", "192.168.178.92", "192.168.178.94",
                         "2001:db8:4:ffff::", "2001:db8:6::", "::10.0.0.1", "", "localhost", "10.0.0.1, 10.0.0.2"}) {
    CAPTURE(ip);
    CHECK_FALSE(inside(ip));
  }
}

TEST_CASE("a session that began inside owes the second factor as soon as it is outside") {
  const FactorDemand demand = combine({policy_with({{"exempts_internal", "true"}, {"internal", "10.0.0.0/8"}})});
  CHECK(is_met_by(demand, {ProofMethod::password}, "10.0.0.1", "10.0.0.9"));
  CHECK_FALSE(is_met_by(demand, {ProofMethod::password}, "10.0.0.1", "203.0.113.9"));
  CHECK_FALSE(is_met_by(demand, {ProofMethod::password}, "203.0.113.9", "10.0.0.1"));
}

TEST_CASE("with the exemption off everybody is asked and the list of networks stays") {
  const FactorPolicy off = policy_with({{"exempts_internal", "false"}, {"internal", "10.0.0.0/8"}});
  CHECK(off.internal.size() == 1);
  CHECK_FALSE(is_met_by(combine({off}), {ProofMethod::password}, "10.0.0.1"));
}

TEST_CASE("a trusted device counts only while the policy remembers second steps") {
  const Proofs proofs(ProofMethod::password);
  const FactorDemand remembering = combine({policy_with({{"second_step_days", "7"}})});
  CHECK(is_met(remembering, {proofs, "", "", true}));
  CHECK_FALSE(is_met(remembering, {proofs, "", "", false}));
  CHECK_FALSE(is_met(combine({policy_with({{"second_step_days", "0"}})}), {proofs, "", "", true}));
}

TEST_CASE("of several policies the strictest rule counts") {
  const FactorDemand demand = combine({policy_with({{"methods", "sms totp"},
                                                    {"second_step_days", "30"},
                                                    {"exempts_internal", "true"},
                                                    {"internal", "10.0.0.0/8 192.168.0.0/16"},
                                                    {"whole_logins", "passkey certificate"}}),
                                       policy_with({{"methods", "totp passkey"},
                                                    {"second_step_days", "7"},
                                                    {"exempts_internal", "true"},
                                                    {"internal", "10.1.0.0/16"},
                                                    {"whole_logins", "certificate"}})});
  CHECK(demand.rules.methods == std::vector{ProofMethod::totp});
  CHECK(demand.rules.second_step_days == 7);
  CHECK(demand.rules.whole_logins == std::vector<std::string>{"certificate"});
  CHECK(is_met_by(demand, {ProofMethod::password}, "10.1.2.3"));
  CHECK_FALSE(is_met_by(demand, {ProofMethod::password}, "10.2.2.3"));
  CHECK_FALSE(is_met_by(demand, {ProofMethod::password}, "192.168.0.1"));
}

TEST_CASE("policies that have no method in common let nobody in") {
  const FactorDemand demand = combine({policy_with({{"methods", "sms"}}), policy_with({{"methods", "totp"}})});
  CHECK(demand.is_on);
  CHECK_FALSE(is_met_by(demand, {ProofMethod::password, ProofMethod::sms, ProofMethod::totp}));
}

TEST_CASE("whoever wants to be asked always is asked in the internal network as well, by every method") {
  CHECK_FALSE(is_met_by(rights::with_own_switch({}), {ProofMethod::password}));
  CHECK(is_met_by(rights::with_own_switch({}), {ProofMethod::password, ProofMethod::email}));
  const FactorDemand inside = combine({policy_with({{"exempts_internal", "true"}, {"internal", "10.0.0.0/8"}})});
  CHECK_FALSE(is_met_by(rights::with_own_switch(inside), {ProofMethod::password}, "10.0.0.1"));
}

TEST_CASE("what cannot be a rule is named, all at once, and changes nothing") {
  const auto refused = [](const std::map<std::string, std::string>& rules) {
    const auto policy = change_policy({}, rules);
    return policy ? std::string("accepted") : policy.error().reason;
  };
  for (const auto* network : {"10.0.0.0/33", "300.1.1.1", "host.example", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/-1"}) {
    CAPTURE(network);
    CHECK(refused({{"internal", network}}) == "internal");
  }
  CHECK(refused({{"methods", "password"}}) == "methods");
  CHECK(refused({{"methods", ""}}) == "methods");
  CHECK(refused({{"methods", "remembered"}}) == "methods");
  CHECK(refused({{"whole_logins", "password"}}) == "whole_logins");
  CHECK(refused({{"first_step_days", "91"}, {"second_step_days", "-1"}, {"surprise", "1"}}) ==
        "first_step_days second_step_days surprise");
  CHECK(refused({{"exempts_internal", "yes"}}) == "exempts_internal");
}

TEST_CASE("a policy is read as it was written") {
  const FactorPolicy policy = policy_with({{"name", "wards"},
                                           {"methods", "sms totp"},
                                           {"whole_logins", ""},
                                           {"exempts_internal", "true"},
                                           {"internal", "10.0.0.0/8 fd00::/8"},
                                           {"first_step_days", "30"},
                                           {"second_step_days", "7"},
                                           {"grace_days", "14"}});
  CHECK(change_policy({}, rights::to_map(policy)).value() == policy);
}

TEST_CASE("what may be set up at a login is what every policy lets be set up and counts") {
  const auto with = [](const char* methods, const char* enrol) {
    return rights::change_policy({}, {{"methods", methods}, {"enrol_methods", enrol}}).value();
  };
  using Methods = std::vector<rights::ProofMethod>;
  const auto app = rights::ProofMethod::totp;
  const auto passkey = rights::ProofMethod::passkey;
  CHECK(rights::enrolled_at_login(rights::combine({})).empty());
  CHECK(rights::enrolled_at_login(rights::combine({rights::FactorPolicy()})).empty());
  CHECK(rights::enrolled_at_login(rights::combine({with("totp passkey", "totp passkey")})) == Methods{app, passkey});
  CHECK(rights::enrolled_at_login(rights::combine({with("sms passkey", "totp passkey")})) == Methods{passkey});
  CHECK(rights::enrolled_at_login(rights::combine({with("totp passkey", "totp"), with("totp passkey", "passkey")}))
            .empty());
  CHECK(rights::enrolled_at_login(rights::combine({with("totp", "totp"), with("totp", "")})).empty());
  for (const char* wrong : {"sms", "email", "recovery", "password", "totp sms"}) {
    CHECK(rights::change_policy({}, {{"enrol_methods", wrong}}).error().reason == "enrol_methods");
  }
  CHECK(rights::to_map(with("totp", "totp")).at("enrol_methods") == "totp");
}
