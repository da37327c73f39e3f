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

TEST_CASE("proofs are read as they were written, and an unknown method proves nothing") {
  const Proofs given(ProofMethod::password);
  CHECK(Proofs::from_amr(given.to_amr()) == given);
  CHECK(Proofs::from_amr("pwd pwd") == given);
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
