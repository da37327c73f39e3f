#include "signature/cades/make_cades.hpp"

#include <doctest/doctest.h>

#include "unit/signature/cades/cades_fixture.hpp"

using base::Bytes;
using base::Code;
using crypto::DigestKind;
using crypto::SignatureAlgorithm;
using crypto::SignatureScheme;
using signature::Packaging;
using testing::CadesFixture;
using testing::is_right;

TEST_CASE("a signature is made in two steps, detached or with its content, by every algorithm") {
  const CadesFixture f;
  for (const DigestKind kind : {DigestKind::sha256, DigestKind::sha384, DigestKind::sha512}) {
    for (const auto& [signer, scheme] :
         {std::pair(f.anna, SignatureScheme::ecdsa), std::pair(f.piotr, SignatureScheme::rsa_pkcs1),
          std::pair(f.piotr, SignatureScheme::rsa_pss)}) {
      for (const Packaging packaging : {Packaging::detached, Packaging::enveloping}) {
        const SignatureAlgorithm algorithm{scheme, kind};
        auto wish = f.wish(signer, algorithm);
        wish.packaging = packaging;
        const auto prepared = signature::prepare_cades(wish, f.content);
        REQUIRE(prepared);
        // Curve P-256 takes the first 256 bits of a longer digest (FIPS 186-5 section 6.4.1).
        const auto value = signer.key.sign(algorithm, prepared->to_be_signed);
        if (!value) continue;
        const auto made = signature::complete_cades(prepared->state, *value, &f.content);
        REQUIRE_MESSAGE(made, base::describe(made.error()));
        const auto view = f.read(*made);
        CHECK_MESSAGE(is_right(view), crypto::name_of(algorithm), " ", view.format_flaw);
        CHECK(view.algorithm == algorithm);
        CHECK(view.packaging == (packaging == Packaging::detached ? "detached" : "enveloping"));
        CHECK(view.format == "CAdES");
        CHECK(view.level == signature::Level::b);
        CHECK(view.is_baseline);
        CHECK(view.claimed_at == testing::noon);
        CHECK(view.certificate == signer.certificate);
        CHECK(view.certificates.size() == 2);
        CHECK(signature::read_attached_content(*made).has_value() == (packaging == Packaging::enveloping));
      }
    }
  }
}

TEST_CASE("what the signer wants to have said stands in the signature") {
  const CadesFixture f;
  auto wish = f.wish();
  wish.policy = signature::PolicyReference{"1.2.616.1.101.5.3", DigestKind::sha256,
                                           crypto::digest(DigestKind::sha256, "p"), "https://example.test/policy.pdf"};
  wish.commitment = "1.2.840.113549.1.9.16.6.1";
  wish.role = "Kierownik przychodni";
  wish.media_type = "text/plain";
  const auto view = f.read(f.sign(wish, f.anna));
  CHECK(is_right(view));
  CHECK(view.policy == "1.2.616.1.101.5.3");
  CHECK(view.policy_digest == wish.policy->digest);
  CHECK(view.commitment == wish.commitment);
  CHECK(view.role == wish.role);
  CHECK(view.claimed_at == testing::noon);
}

TEST_CASE("a wish that cannot be met is refused in the first step") {
  const CadesFixture f;
  const auto is_taken = [&](auto change) {
    auto wish = f.wish();
    change(wish);
    const auto prepared = signature::prepare_cades(wish, f.content);
    if (!prepared) CHECK(prepared.error().code == Code::invalid_input);
    return prepared.has_value();
  };
  CHECK(is_taken([](auto&) {}));
  CHECK_FALSE(is_taken([](auto& wish) { wish.packaging = Packaging::enveloped; }));
  CHECK_FALSE(is_taken([](auto& wish) { wish.algorithm.digest = DigestKind::sha1; }));
  CHECK_FALSE(is_taken([](auto& wish) { wish.algorithm.digest = DigestKind::md5; }));
  CHECK_FALSE(is_taken([](auto& wish) { wish.algorithm.scheme = SignatureScheme::rsa_pss; }));
  CHECK_FALSE(is_taken([&](auto& wish) { wish.certificate = f.piotr.certificate; }));
  CHECK_FALSE(is_taken([](auto& wish) { wish.certificate = "no certificate"; }));
  CHECK_FALSE(is_taken([](auto& wish) { wish.chain = {"no certificate"}; }));
  CHECK_FALSE(is_taken([](auto& wish) { wish.commitment = "approval"; }));
  CHECK_FALSE(is_taken([](auto& wish) { wish.media_type = "text"; }));
  CHECK_FALSE(is_taken([](auto& wish) { wish.media_type = "text/plain\n"; }));
  CHECK_FALSE(is_taken([](auto& wish) { wish.role = "\xff"; }));
  const auto policy = [](const char* oid, Bytes digest, const char* url) {
    return [=](auto& wish) { wish.policy = signature::PolicyReference{oid, DigestKind::sha256, digest, url}; };
  };
  const Bytes digest(32, 'd');
  CHECK(is_taken(policy("urn:oid:1.2.3", digest, "")));
  CHECK_FALSE(is_taken(policy("https://example.test/policy", digest, "")));
  CHECK_FALSE(is_taken(policy("1.2.3", Bytes(20, 'd'), "")));
  CHECK_FALSE(is_taken(policy("1.2.3", digest, "two words")));
}

TEST_CASE("the second step takes no value by another key, for other octets, or in another form") {
  const CadesFixture f;
  const auto prepared = signature::prepare_cades(f.wish(), f.content).value();
  const auto code_for = [&](const Bytes& value) {
    return signature::complete_cades(prepared.state, value, nullptr).error().code;
  };
  const Bytes value = f.anna.sign(prepared.algorithm, prepared.to_be_signed);
  CHECK(signature::complete_cades(prepared.state, value, nullptr));
  CHECK(code_for(f.anna.sign(prepared.algorithm, prepared.to_be_signed + "x")) == Code::denied);
  CHECK(code_for(crypto::SoftKey::generate(crypto::SoftKeyKind::ec_p256)
                     .value()
                     .sign(prepared.algorithm, prepared.to_be_signed)
                     .value()) == Code::denied);
  CHECK(code_for("") == Code::denied);
  CHECK(code_for(value + "x") == Code::denied);
  const auto parts = crypto::cms::read_certificate_parts(f.anna.certificate).value();
  CHECK(code_for(crypto::convert_value(parts.spki, value, crypto::ValueForm::der, crypto::ValueForm::raw).value()) ==
        Code::denied);
}

TEST_CASE("a broken or foreign state is refused, and so is another content in the second step") {
  const CadesFixture f;
  auto wish = f.wish();
  wish.packaging = Packaging::enveloping;
  const auto prepared = signature::prepare_cades(wish, f.content).value();
  const Bytes value = f.anna.sign(prepared.algorithm, prepared.to_be_signed);
  const testing::MemoryContent other("Dear Ewa,\nnothing is well.\n");
  CHECK(signature::complete_cades(prepared.state, value, &other).error().code == Code::conflict);
  CHECK(signature::complete_cades(prepared.state, value, nullptr).error().code == Code::invalid_input);
  for (std::size_t i = 0; i < prepared.state.size(); ++i) {
    CHECK_FALSE(signature::complete_cades(prepared.state.substr(0, i), value, &f.content));
  }
  CHECK(signature::complete_parallel_cades(prepared.state, value, "").error().code == Code::conflict);
  CHECK(signature::complete_countersignature(prepared.state, value, "").error().code == Code::conflict);
}

TEST_CASE("a digest is enough for a detached signature") {
  const CadesFixture f;
  const testing::DigestContent digest(f.content.digest(DigestKind::sha256).value());
  const auto prepared = signature::prepare_cades(f.wish(), digest).value();
  const auto made =
      signature::complete_cades(prepared.state, f.anna.sign(prepared.algorithm, prepared.to_be_signed), &digest);
  REQUIRE(made);
  CHECK(is_right(f.read(*made)));
  auto wish = f.wish();
  wish.algorithm.digest = DigestKind::sha512;
  CHECK(signature::prepare_cades(wish, digest).error().code == Code::not_found);
}

TEST_CASE("a second signer stands beside the first one") {
  const CadesFixture f;
  for (const bool is_inside : {false, true}) {
    const Bytes first = is_inside ? f.sign_enveloping() : f.sign();
    const signature::Content* const beside = is_inside ? nullptr : &f.content;
    const SignatureAlgorithm pss{SignatureScheme::rsa_pss, DigestKind::sha512};
    const auto prepared = signature::prepare_parallel_cades(f.wish(f.piotr, pss), first, beside);
    REQUIRE_MESSAGE(prepared, base::describe(prepared.error()));
    const Bytes value = f.piotr.sign(prepared->algorithm, prepared->to_be_signed);
    const auto both = signature::complete_parallel_cades(prepared->state, value, first);
    REQUIRE(both);
    const auto document = signature::read_cades(*both, beside);
    REQUIRE(document.signatures.size() == 2);
    CHECK(is_right(document.signatures[0]));
    CHECK(is_right(document.signatures[1]));
    CHECK(document.signatures[0].certificate == f.anna.certificate);
    CHECK(document.signatures[1].certificate == f.piotr.certificate);
    CHECK(signature::count_signers(*both) == 2);
    // The second step adds to what the first one saw, and to nothing else.
    CHECK(signature::complete_parallel_cades(prepared->state, value, *both).error().code == Code::conflict);
  }
}

TEST_CASE("a second signer signs what the first one signed, and nothing else") {
  const CadesFixture f;
  const testing::MemoryContent other("Dear Ewa,\nnothing is well.\n");
  CHECK(signature::prepare_parallel_cades(f.wish(), f.sign(), &other).error().code == Code::conflict);
  CHECK(signature::prepare_parallel_cades(f.wish(), f.sign(), nullptr).error().code == Code::not_found);
  CHECK(signature::prepare_parallel_cades(f.wish(), f.sign_enveloping(), &f.content).error().code == Code::conflict);
  CHECK(signature::prepare_parallel_cades(f.wish(), "garbage", &f.content).error().code == Code::invalid_input);
}

TEST_CASE("a counter-signature is over the value of the signature above it") {
  const CadesFixture f;
  Bytes signature = f.sign();
  const SignatureAlgorithm rsa{SignatureScheme::rsa_pkcs1, DigestKind::sha384};
  const auto prepared = signature::prepare_countersignature(f.wish(f.piotr, rsa), signature, 0).value();
  const Bytes value = f.piotr.sign(prepared.algorithm, prepared.to_be_signed);
  signature = signature::complete_countersignature(prepared.state, value, signature).value();
  const auto view = f.read(signature);
  CHECK(is_right(view));
  REQUIRE(view.counter_signatures.size() == 1);
  CHECK(is_right(view.counter_signatures.front()));
  CHECK(view.counter_signatures.front().certificate == f.piotr.certificate);
  CHECK(view.counter_signatures.front().id == "signer-1-counter-1");
  CHECK(signature::prepare_countersignature(f.wish(), signature, 1).error().code == Code::not_found);

  // Taken to another signature, it signs nothing.
  const auto read = crypto::cms::read_signed_data(signature).value();
  const auto signer = crypto::cms::read_signer(read.signers.front()).value();
  testing::HandMade other(f);
  other.unsigned_attributes = signer.unsigned_attributes;
  const auto moved = f.read(other.make());
  CHECK(is_right(moved));
  REQUIRE(moved.counter_signatures.size() == 1);
  CHECK_FALSE(moved.counter_signatures.front().are_digests_right);
}

TEST_CASE("a time stamp raises the level to T, and only one of this signature is taken") {
  const CadesFixture f;
  const Bytes signature = f.sign();
  const Bytes octets = signature::stamped_octets(signature, 0).value();
  const auto stamped = signature::add_signature_timestamp(signature, 0, f.token_for(octets));
  REQUIRE(stamped);
  const auto view = f.read(*stamped);
  CHECK(is_right(view));
  CHECK(view.level == signature::Level::t);
  REQUIRE(view.timestamps.size() == 1);
  CHECK(view.timestamps.front().kind == signature::TimestampNote::Kind::signature);
  CHECK(view.timestamps.front().find_imprint(DigestKind::sha256) == crypto::digest(DigestKind::sha256, octets));
  CHECK(crypto::read_timestamp_token(view.timestamps.front().token).flaw == crypto::TimestampFlaw::none);
  const auto code_for = [&](std::size_t signer, const Bytes& token) {
    return signature::add_signature_timestamp(signature, signer, token).error().code;
  };
  CHECK(code_for(0, f.token_for("something else")) == Code::conflict);
  CHECK(code_for(1, f.token_for(octets)) == Code::not_found);
  CHECK(code_for(0, "no token") == Code::invalid_input);
  CHECK(code_for(0, signature) == Code::invalid_input);
}
