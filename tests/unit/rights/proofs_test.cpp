#include "rights/proofs.hpp"

#include <doctest/doctest.h>

#include "rights/context.hpp"

using rights::ProofMethod;
using rights::Proofs;

TEST_CASE("a password alone is one factor, and nothing at all is none") {
  CHECK(Proofs(ProofMethod::password).level() == 1);
  CHECK(Proofs(ProofMethod::password).to_amr() == "pwd");
  CHECK(Proofs(ProofMethod::password).first_method() == "password");
  CHECK(Proofs().level() == 0);
  CHECK(Proofs().to_amr().empty());
}

namespace {

Proofs proven(std::initializer_list<ProofMethod> methods) {
  Proofs proofs;
  for (const ProofMethod method : methods) proofs.add(method);
  return proofs;
}

}  // namespace

TEST_CASE("something known and something held are two factors, twice the same kind is one") {
  CHECK(proven({ProofMethod::password, ProofMethod::sms}).level() == 2);
  CHECK(proven({ProofMethod::password, ProofMethod::totp}).level() == 2);
  CHECK(proven({ProofMethod::password, ProofMethod::recovery}).level() == 2);
  CHECK(proven({ProofMethod::sms}).level() == 1);
  CHECK(proven({ProofMethod::sms, ProofMethod::totp}).level() == 1);
  CHECK(proven({ProofMethod::totp, ProofMethod::recovery}).level() == 1);
}

TEST_CASE("a code by e-mail and a remembered device raise no level") {
  CHECK(proven({ProofMethod::password, ProofMethod::email}).level() == 1);
  CHECK(proven({ProofMethod::remembered}).level() == 1);
  CHECK(proven({ProofMethod::remembered, ProofMethod::sms}).level() == 1);
  CHECK(proven({ProofMethod::password, ProofMethod::remembered}).level() == 1);
  CHECK(proven({ProofMethod::remembered, ProofMethod::security_key}).level() == 1);
}

TEST_CASE("only a key that no other site can ask for is phishing-resistant, and only with a second factor") {
  CHECK(proven({ProofMethod::passkey}).level() == 3);
  CHECK(proven({ProofMethod::password, ProofMethod::passkey}).level() == 3);
  CHECK(proven({ProofMethod::password, ProofMethod::security_key}).level() == 3);
  CHECK(proven({ProofMethod::security_key}).level() == 1);
  CHECK(proven({ProofMethod::security_key, ProofMethod::sms}).level() == 1);
}

TEST_CASE("amr has the values of RFC 8176, each once, and mfa for two factors only") {
  CHECK(proven({ProofMethod::password, ProofMethod::sms}).to_amr() == "pwd otp sms mfa");
  CHECK(proven({ProofMethod::password, ProofMethod::totp}).to_amr() == "pwd otp mfa");
  CHECK(proven({ProofMethod::password, ProofMethod::totp, ProofMethod::sms}).to_amr() == "pwd otp sms mfa");
  CHECK(proven({ProofMethod::passkey}).to_amr() == "pop user mfa");
  CHECK(proven({ProofMethod::password, ProofMethod::email}).to_amr() == "pwd otp");
  CHECK(proven({ProofMethod::remembered, ProofMethod::sms}).to_amr() == "otp sms");
}

TEST_CASE("proofs are read by their names in their order, and an unknown name proves nothing") {
  const Proofs given = proven({ProofMethod::password, ProofMethod::sms});
  CHECK(given.to_names() == "password sms");
  CHECK(Proofs::from_names("password sms") == given);
  CHECK_FALSE(Proofs::from_names("sms password") == given);
  CHECK(Proofs::from_names("password iris sms") == given);
  CHECK(Proofs::from_names("").empty());
}

TEST_CASE("codes are counted together when they fail, apart from passwords and from keys") {
  CHECK(rights::lockout_kind_of(ProofMethod::password) == "password");
  for (const auto code : {ProofMethod::sms, ProofMethod::totp, ProofMethod::recovery, ProofMethod::email}) {
    CHECK(rights::lockout_kind_of(code) == "code");
  }
  CHECK(rights::lockout_kind_of(ProofMethod::passkey) == "key");
}

TEST_CASE("of the amr of an older program only the password counts") {
  const Proofs given(ProofMethod::password);
  CHECK(Proofs::from_amr(given.to_amr()) == given);
  CHECK(Proofs::from_amr("pwd pwd") == given);
  CHECK(Proofs::from_amr("pwd otp sms mfa") == given);
  CHECK(Proofs::from_amr("otp").empty());
  CHECK(Proofs::from_amr("iris").empty());
  CHECK(Proofs::from_amr("iris pwd") == given);
  CHECK(Proofs::from_amr("").empty());
  CHECK(Proofs::from_amr("  ").empty());
}

TEST_CASE("a method has one name, and no other name is one") {
  CHECK(rights::parse_proof_method(rights::name_of(ProofMethod::password)).value() == ProofMethod::password);
  CHECK_FALSE(rights::parse_proof_method("pwd"));
  CHECK_FALSE(rights::parse_proof_method(""));
}

TEST_CASE("a context is offered to those who have proven what it asks for") {
  rights::ActingContext context;
  CHECK(rights::is_proven(context, Proofs(ProofMethod::password)));
  CHECK_FALSE(rights::is_proven(context, Proofs()));
  context.methods = {"certificate"};
  CHECK_FALSE(rights::is_proven(context, Proofs(ProofMethod::password)));
  context.methods = {};
  context.level = 2;
  CHECK_FALSE(rights::is_proven(context, Proofs(ProofMethod::password)));
}

TEST_CASE("a certificate is phishing-resistant, and amr says where its key is") {
  CHECK(proven({ProofMethod::certificate}).level() == 3);
  CHECK(proven({ProofMethod::certificate}).to_amr() == "swk");
  CHECK(proven({ProofMethod::certificate_hardware}).to_amr() == "hwk");
  CHECK(proven({ProofMethod::certificate_card}).to_amr() == "sc mfa");
  CHECK(proven({ProofMethod::certificate, ProofMethod::sms}).to_amr() == "swk otp sms");
  CHECK(proven({ProofMethod::certificate, ProofMethod::password}).to_amr() == "swk pwd mfa");
}

TEST_CASE("contexts and policies know one way to log in by certificate, wherever its key is") {
  for (const ProofMethod one :
       {ProofMethod::certificate, ProofMethod::certificate_hardware, ProofMethod::certificate_card}) {
    CHECK(proven({one}).first_method() == "certificate");
    CHECK(Proofs::from_names(proven({one}).to_names()) == proven({one}));
  }
}
