#include "signature/cades/read_cades.hpp"

#include <doctest/doctest.h>

#include "unit/signature/cades/cades_fixture.hpp"

using base::Bytes;
using crypto::DigestKind;
using testing::CadesFixture;
using testing::HandMade;
using testing::is_right;
using testing::MemoryContent;

namespace cms = crypto::cms;
namespace der = crypto::der;

namespace {

Bytes attribute_with(const der::Oid& oid, std::initializer_list<base::BytesView> values) {
  return der::make(der::sequence, {der::make(oid), der::make(der::set, values)});
}
void replace(Bytes& octets, const Bytes& before, const Bytes& after) {
  const std::size_t at = octets.find(before);
  REQUIRE(at != Bytes::npos);
  octets.replace(at, before.size(), after);
}
std::string document_flaw(const Bytes& octets) {
  return signature::read_cades(octets, nullptr).flaw;
}

}  // namespace

TEST_CASE("the content altered by one octet, or another file beside the signature, is found") {
  const CadesFixture f;
  const Bytes signature = f.sign();
  const MemoryContent other("Dear Ewa,\nall is weLl.\n", "other.txt");
  const auto view = signature::read_cades(signature, &other).signatures.front();
  CHECK(view.is_data_found);
  CHECK_FALSE(view.are_digests_right);
  CHECK(view.wrong_digest == "other.txt");
  CHECK(view.is_value_right);  // the signature itself is untouched
  REQUIRE(view.scope.size() == 1);
  CHECK(view.scope.front().kind == signature::ScopePart::Kind::file);
  CHECK(view.scope.front().name == "other.txt");

  Bytes enveloping = f.sign_enveloping();
  replace(enveloping, "all is well", "all is weLl");
  const auto inside = signature::read_cades(enveloping, nullptr).signatures.front();
  CHECK_FALSE(inside.are_digests_right);
  CHECK(inside.is_value_right);
}

TEST_CASE("a detached signature without its content says that the content is missing") {
  const CadesFixture f;
  const auto view = signature::read_cades(f.sign(), nullptr).signatures.front();
  CHECK_FALSE(view.is_data_found);
  CHECK_FALSE(view.are_digests_right);
  CHECK(view.is_value_right);
  // Another digest than the one that is known is not enough.
  const testing::DigestContent digest(f.content.digest(DigestKind::sha256).value());
  CHECK(is_right(signature::read_cades(f.sign(), &digest).signatures.front()));
  auto wish = f.wish(f.piotr, {crypto::SignatureScheme::rsa_pkcs1, DigestKind::sha512});
  CHECK_FALSE(signature::read_cades(f.sign(wish, f.piotr), &digest).signatures.front().is_data_found);
}

TEST_CASE("a document beside a signature that has another one inside is refused") {
  const CadesFixture f;
  const Bytes signature = f.sign_enveloping();
  CHECK(is_right(f.read(signature)));
  CHECK(is_right(signature::read_cades(signature, nullptr).signatures.front()));
  const MemoryContent other("something else", "other.txt");
  const auto view = signature::read_cades(signature, &other).signatures.front();
  CHECK_FALSE(view.are_digests_right);
  CHECK(view.wrong_digest == "other.txt");
}

TEST_CASE("no octet of the signed part can change") {
  const CadesFixture f;
  const Bytes signature = f.sign();
  const auto read = cms::read_signed_data(signature).value();
  const auto from = static_cast<std::size_t>(read.signers.front().data() - signature.data());
  for (std::size_t i = from; i < signature.size(); ++i) {
    Bytes altered = signature;
    altered[i] = static_cast<char>(altered[i] ^ 0x01);
    const auto document = signature::read_cades(altered, &f.content);
    CHECK_MESSAGE((!document.flaw.empty() || !is_right(document.signatures.front())), "octet ", i);
  }
  for (std::size_t i = 0; i < signature.size(); ++i) CHECK_FALSE(document_flaw(signature.substr(0, i)).empty());
  CHECK(f.read(signature + "x").breach == "cms_octets_behind");
  CHECK(f.read(signature + signature).breach == "cms_octets_behind");
  CHECK(f.read(signature + "\n").breach.empty());
}

TEST_CASE("a signature made by hand in the same way is right") {
  const CadesFixture f;
  CHECK(is_right(f.read(HandMade(f).make())));
  CHECK(f.read(HandMade(f).make()).is_baseline);
}

TEST_CASE("signed attributes are verified over their octets as they stand") {
  const CadesFixture f;
  HandMade made(f);
  made.is_sorted = false;
  REQUIRE(made.joined() != HandMade(f).joined());
  CHECK(is_right(f.read(made.make())));
  // Signed in the order of DER and written in another one: OpenSSL sorts them again and accepts it.
  const Bytes sorted = HandMade(f).make();
  Bytes unsorted = sorted;
  replace(unsorted, HandMade(f).joined(), made.joined());
  const auto view = f.read(unsorted);
  CHECK(view.are_digests_right);
  CHECK_FALSE(view.is_value_right);
}

TEST_CASE("signed attributes of an indefinite length are refused by name") {
  const CadesFixture f;
  HandMade made(f);
  const Bytes attributes = made.joined();
  const Bytes definite = der::make(der::context(0), attributes);
  const Bytes indefinite = Bytes("\xa0\x80", 2) + attributes + Bytes("\0\0", 2);
  Bytes content(der::read_one(made.signer())->content);
  replace(content, definite, indefinite);
  const Bytes whole = HandMade::wrap(der::make(der::sequence, content), f.anna.certificate);
  CHECK(f.read(whole).format_flaw == "cms_indefinite_attributes");
}

TEST_CASE("attributes that a signer must have are not left out") {
  const CadesFixture f;
  const auto without = [&](std::size_t which) {
    HandMade made(f);
    made.attributes.erase(made.attributes.begin() + static_cast<std::ptrdiff_t>(which));
    return f.read(made.make());
  };
  CHECK(without(0).format_flaw == "cms_missing_content_type");
  CHECK(without(1).format_flaw == "cms_missing_message_digest");
  const auto no_reference = without(2);
  CHECK(no_reference.format_flaw.empty());
  CHECK(no_reference.format == "CMS");
  CHECK_FALSE(no_reference.has_certificate_reference);
  CHECK_FALSE(no_reference.is_baseline);
  const auto no_time = without(3);
  CHECK(no_time.format_flaw.empty());
  CHECK_FALSE(no_time.claimed_at);
  CHECK_FALSE(no_time.is_baseline);
}

TEST_CASE("an attribute that may stand once stands once, with one value") {
  const CadesFixture f;
  const HandMade usual(f);
  for (std::size_t i = 0; i < usual.attributes.size(); ++i) {
    HandMade twice(f);
    twice.attributes.push_back(twice.attributes[i]);
    CHECK(twice.flaw() == "cms_duplicate_attribute");
  }
  const Bytes digest = der::make(der::octet_string, f.content.digest(DigestKind::sha256).value());
  const Bytes other = der::make(der::octet_string, Bytes(32, 'x'));
  HandMade values(f);
  values.attributes[1] = attribute_with(cms::message_digest, {digest, other});
  CHECK(values.flaw() == "cms_several_values");
  HandMade types(f);
  types.attributes[0] = attribute_with(cms::content_type, {der::make(cms::id_data), der::make(cms::id_data)});
  CHECK(types.flaw() == "cms_several_values");
  HandMade none(f);
  none.attributes[1] = attribute_with(cms::message_digest, {});
  CHECK(none.flaw() == "cms_malformed");
}

TEST_CASE("an attribute that counts only when it is signed does not stand among the unsigned ones") {
  const CadesFixture f;
  for (const Bytes& one : HandMade(f).attributes) {
    HandMade moved(f);
    moved.unsigned_attributes = one;
    CHECK(moved.flaw() == "cms_malformed");
  }
}

TEST_CASE("a digest by an algorithm that is not known here is named, and the content is not said to be missing") {
  const CadesFixture f;
  HandMade made(f);
  made.digest_algorithm = base::parse_hex("300b0609608648016503040206").value();     // SHA-512/256
  made.signature_algorithm = base::parse_hex("300b060960864801650304030a").value();  // ECDSA with SHA3-256
  const auto view = f.read(made.make());
  CHECK(view.format_flaw.empty());
  CHECK(view.unknown_digest == "2.16.840.1.101.3.4.2.6");
  CHECK(view.is_data_found);
  CHECK_FALSE(view.are_digests_right);
  CHECK_FALSE(view.is_value_right);
}

TEST_CASE("what stands in the list of digest algorithms is one") {
  const CadesFixture f;
  const Bytes right = f.sign();
  const Bytes listed = cms::make_identifier(DigestKind::sha256);
  const std::size_t at = right.find(listed);
  REQUIRE(at < 64);
  for (const std::size_t octet : {std::size_t{0}, std::size_t{2}, std::size_t{3}}) {
    Bytes other = right;
    other[at + octet] = static_cast<char>(other[at + octet] ^ 0x20);
    CHECK(signature::read_cades(other, &f.content).flaw == "cms_malformed");
  }
}

TEST_CASE("the type that was signed is the type of the content") {
  const CadesFixture f;
  HandMade made(f);
  made.attributes[0] = HandMade::type(cms::id_tst_info);
  CHECK(made.flaw() == "cms_wrong_content_type");
  made.attributes[0] = cms::make_attribute(cms::content_type, der::make(der::octet_string, "data"));
  CHECK(made.flaw() == "cms_wrong_content_type");
}

TEST_CASE("the digest of the content is that of the signature") {
  const CadesFixture f;
  HandMade made(f);
  made.signature_algorithm = cms::make_identifier({crypto::SignatureScheme::ecdsa, DigestKind::sha384});
  // It is no flaw of the form, so that it can be told whether the value is right; but it is not accepted (RFC 8933).
  CHECK(made.flaw().empty());
  CHECK(f.read(made.make()).breach == "cms_digest_mismatch");
  CHECK_FALSE(f.read(made.make()).is_baseline);
  HandMade other(f);
  other.digest_algorithm = cms::make_identifier(DigestKind::sha512);
  CHECK(f.read(other.make()).breach == "cms_digest_mismatch");
  CHECK_FALSE(f.read(other.make()).are_digests_right);
  // Algorithm protection (RFC 6211) that names others than stand outside.
  const Bytes digest = cms::make_identifier(DigestKind::sha256);
  Bytes algorithm = cms::make_identifier(testing::ecdsa_256);
  algorithm.front() = static_cast<char>(der::context(1));
  HandMade protected_ones(f);
  protected_ones.attributes.push_back(
      cms::make_attribute(cms::algorithm_protection, der::make(der::sequence, {digest, algorithm})));
  CHECK(protected_ones.flaw().empty());
  // The same algorithm with its parameters written in another way is the same.
  const Bytes with_null = cms::make_identifier(testing::ecdsa_256).substr(2) + der::make(der::null, "");
  protected_ones.attributes.back() = cms::make_attribute(
      cms::algorithm_protection, der::make(der::sequence, {digest, der::make(der::context(1), with_null)}));
  CHECK(protected_ones.flaw().empty());
  Bytes weaker = cms::make_identifier({crypto::SignatureScheme::ecdsa, DigestKind::sha1});
  weaker.front() = static_cast<char>(der::context(1));
  protected_ones.attributes.back() =
      cms::make_attribute(cms::algorithm_protection, der::make(der::sequence, {digest, weaker}));
  CHECK(protected_ones.flaw() == "cms_digest_mismatch");
}

TEST_CASE("an algorithm that this program does not know is named, and proves nothing") {
  const CadesFixture f;
  HandMade made(f);
  made.signature_algorithm = base::parse_hex("300506032b6570").value();  // Ed25519
  const auto view = f.read(made.make());
  CHECK(view.format_flaw.empty());
  CHECK_FALSE(view.algorithm);
  CHECK(view.algorithm_name == "1.3.101.112");
  CHECK_FALSE(view.is_value_right);
  HandMade parameters(f);
  parameters.signature_algorithm = base::parse_hex("301306072a8648ce3d02010606052b81040022").value();
  CHECK_FALSE(f.read(parameters.make()).is_value_right);
}

TEST_CASE("MD5 and SHA-1 are reported, so that a policy can refuse them") {
  const CadesFixture f;
  HandMade made(f);
  made.digest_algorithm = cms::make_identifier(DigestKind::sha1);
  made.signature_algorithm = cms::make_identifier({crypto::SignatureScheme::ecdsa, DigestKind::sha1});
  const auto view = f.read(made.make());
  CHECK(view.format_flaw.empty());
  CHECK(view.algorithm->digest == DigestKind::sha1);
  CHECK(std::find(view.digests.begin(), view.digests.end(), "sha1") != view.digests.end());
}

TEST_CASE("the signer is the certificate that the signature names, not one with the same name and number") {
  const CadesFixture f;
  HandMade foreign(f);
  foreign.attributes[2] = cms::make_signing_certificate(f.piotr.certificate, DigestKind::sha256).value();
  const auto view = f.read(foreign.make());
  CHECK(view.has_certificate_reference);
  CHECK_FALSE(view.matches_certificate_reference);
  CHECK(view.certificate == f.anna.certificate);

  auto wanted = testing::SmallAuthority::leaf_template(testing::key_of(crypto::KeyKind::ec_p256));
  wanted.public_key = f.anna.key.public_key();
  wanted.serial = base::parse_hex(crypto::parse_certificate(f.anna.certificate)->serial).value();
  const Bytes twin = f.authority.issue(wanted);
  const auto parts = cms::read_certificate_parts(twin).value();
  CHECK(parts.serial == cms::read_certificate_parts(f.anna.certificate)->serial);
  const Bytes with_twin = HandMade::wrap(HandMade(f).signer(), twin);
  CHECK_FALSE(f.read(with_twin).matches_certificate_reference);
  // With the right one from elsewhere the signature is right.
  const auto found = signature::read_cades(with_twin, &f.content, {f.anna.certificate}).signatures.front();
  CHECK(is_right(found));
  CHECK(found.certificate == f.anna.certificate);
  CHECK_FALSE(found.is_baseline);
}

TEST_CASE("a signer whose certificate is nowhere is said to be unknown") {
  const CadesFixture f;
  const auto view = f.read(HandMade::wrap(HandMade(f).signer(), f.piotr.certificate));
  CHECK(view.certificate.empty());
  CHECK_FALSE(view.is_value_right);
  CHECK(view.format_flaw.empty());
}

TEST_CASE("the frame may be BER, as programs write it that stream") {
  const CadesFixture f;
  const Bytes text = "Dear Ewa,\nall is well.\n";
  const Bytes pieces = Bytes("\x24\x80", 2) + der::make(der::octet_string, text.substr(0, 4)) +
                       der::make(der::octet_string, text.substr(4)) + Bytes("\0\0", 2);
  const Bytes content =
      Bytes("\x30\x80", 2) + der::make(cms::id_data) + Bytes("\xa0\x80", 2) + pieces + Bytes("\0\0\0\0", 4);
  const Bytes body = Bytes("\x30\x80", 2) + der::make_integer(1) +
                     der::make(der::set, cms::make_identifier(DigestKind::sha256)) + content + Bytes("\xa0\x80", 2) +
                     f.anna.certificate + Bytes("\0\0", 2) + der::make(der::set, HandMade(f).signer()) +
                     Bytes("\0\0", 2);
  const Bytes whole =
      Bytes("\x30\x80", 2) + der::make(cms::id_signed_data) + Bytes("\xa0\x80", 2) + body + Bytes("\0\0\0\0", 4);
  CHECK(is_right(f.read(whole)));
  CHECK(signature::read_attached_content(whole) == text);
  CHECK(is_right(f.read(whole + Bytes("\0\0", 2))));
  CHECK(document_flaw(whole.substr(0, whole.size() - 2)) == "cms_malformed");
  // It can be extended; what was signed stays.
  const Bytes octets = signature::stamped_octets(whole, 0).value();
  const Bytes stamped = signature::add_signature_timestamp(whole, 0, f.token_for(octets)).value();
  CHECK(is_right(f.read(stamped)));
}

TEST_CASE("a length inside of a signer that is not DER is refused") {
  const CadesFixture f;
  const Bytes attributes = HandMade(f).joined();
  // One attribute's length in a longer form; the outer lengths fit.
  Bytes longer = attributes;
  const Bytes first = HandMade(f).digest();
  Bytes ber = first;
  ber.replace(1, 1, Bytes("\x81", 1) + first.substr(1, 1));
  replace(longer, first, ber);
  Bytes content(der::read_one(HandMade(f).signer())->content);
  replace(content, der::make(der::context(0), attributes), der::make(der::context(0), longer));
  CHECK(f.read(HandMade::wrap(der::make(der::sequence, content), f.anna.certificate)).format_flaw == "cms_malformed");
}

TEST_CASE("a signature without signed attributes is plain CMS, and attributes are no content for it") {
  const CadesFixture f;
  const auto parts = cms::read_certificate_parts(f.anna.certificate).value();
  const auto plain = [&](const Bytes& content) {
    const Bytes sid = der::make(der::sequence, {parts.issuer, der::make(der::integer, parts.serial)});
    const Bytes signer =
        der::make(der::sequence, {der::make_integer(1), sid, cms::make_identifier(DigestKind::sha256),
                                  cms::make_identifier(testing::ecdsa_256),
                                  der::make(der::octet_string, f.anna.sign(testing::ecdsa_256, content))});
    cms::SignedDataParts data;
    data.digest_algorithms = {cms::make_identifier(DigestKind::sha256)};
    data.content_type = cms::id_data.content();
    data.has_content = true;
    data.content = content;
    data.certificates = {f.anna.certificate};
    data.signers = {signer};
    return signature::read_cades(cms::make_signed_data(data), nullptr).signatures.front();
  };
  const auto view = plain("a text");
  CHECK(view.format == "CMS");
  CHECK(view.is_value_right);
  CHECK(view.are_digests_right);
  CHECK_FALSE(view.is_baseline);
  // RFC 5652 section 5.4: what is signed with attributes is their SET. Without them it would be the content.
  CHECK(plain(cms::octets_to_sign(HandMade(f).joined())).format_flaw == "cms_malformed");
}

TEST_CASE("counter-signatures are read down to a depth, and no further") {
  const CadesFixture f;
  const auto counter = [&](base::BytesView above) {
    HandMade one(f);
    one.attributes.erase(one.attributes.begin());
    one.attributes[0] = cms::make_attribute(cms::message_digest,
                                            der::make(der::octet_string, crypto::digest(DigestKind::sha256, above)));
    return one;
  };
  // The innermost one first: each is an attribute of the one above it, whose value it signs.
  const auto nest = [&](int depth) {
    std::vector<Bytes> signers{HandMade(f).signer()};
    for (int i = 0; i < depth; ++i) {
      signers.push_back(counter(cms::read_signer(signers.back())->signature).signer());
    }
    for (std::size_t i = signers.size() - 1; i > 0; --i) {
      signers[i - 1] = cms::add_unsigned(cms::read_signer(signers[i - 1]).value(),
                                         cms::make_attribute(cms::counter_signature, signers[i]));
    }
    return f.read(HandMade::wrap(signers.front(), f.anna.certificate));
  };
  const auto two = nest(2);
  REQUIRE(two.counter_signatures.size() == 1);
  REQUIRE(two.counter_signatures[0].counter_signatures.size() == 1);
  CHECK(is_right(two.counter_signatures[0].counter_signatures[0]));
  const signature::SignatureView deep = nest(6);
  const signature::SignatureView* last = &deep;
  std::size_t depth = 0;
  for (; !last->counter_signatures.empty(); ++depth) last = &last->counter_signatures.front();
  CHECK(depth == signature::deepest_counter_signature);
  CHECK(last->format_flaw == "cms_too_deep");

  HandMade with_type(f);
  HandMade wrong = counter(cms::read_signer(with_type.signer())->signature);
  wrong.attributes.push_back(HandMade::type(cms::id_data));
  with_type.unsigned_attributes = cms::make_attribute(cms::counter_signature, wrong.signer());
  CHECK(f.read(with_type.make()).counter_signatures.front().format_flaw == "cms_wrong_content_type");
}

TEST_CASE("lists and answers about revocation inside of the signature are found") {
  const CadesFixture f;
  const Bytes list = der::make(der::sequence, "list");
  const Bytes answer = der::make(der::sequence, "answer");
  const der::Oid ocsp{"1.3.6.1.5.5.7.16.2"};
  HandMade made(f);
  const Bytes crls = der::make(der::context(0), der::make(der::sequence, der::make(der::sequence, "values list")));
  const Bytes ocsps = der::make(der::context(1), der::make(der::sequence, der::make(der::sequence, "values answer")));
  made.unsigned_attributes = cms::make_attribute(cms::revocation_values, der::make(der::sequence, {crls, ocsps})) +
                             cms::make_attribute(cms::certificate_values, der::make(der::sequence, f.authority.root));
  cms::SignedDataParts parts;
  parts.digest_algorithms = {cms::make_identifier(DigestKind::sha256)};
  parts.content_type = cms::id_data.content();
  parts.certificates = {f.anna.certificate};
  parts.lists = {list, der::make(der::context(1), {der::make(ocsp), answer})};
  parts.signers = {made.signer()};
  const auto view = f.read(cms::make_signed_data(parts));
  CHECK(is_right(view));
  CHECK(view.lists == std::vector<Bytes>{list, der::make(der::sequence, "values list")});
  CHECK(view.ocsp_answers == std::vector<Bytes>{answer, der::make(der::sequence, "values answer")});
  CHECK(view.certificates == std::vector<Bytes>{f.anna.certificate, f.authority.root});
}

TEST_CASE("a content time stamp covers the content, an archive time stamp all of its index") {
  const CadesFixture f;
  HandMade made(f);
  const Bytes content = f.content.octets().value();
  made.attributes.push_back(cms::make_attribute(cms::content_timestamp, f.token_for(content)));
  // An archive time stamp without index of hashes proves nothing.
  made.unsigned_attributes = cms::make_attribute(cms::archive_timestamp_v3, f.token_for("anything"));
  const auto view = f.read(made.make());
  REQUIRE(view.timestamps.size() == 2);
  CHECK(view.timestamps[0].kind == signature::TimestampNote::Kind::content);
  CHECK(view.timestamps[0].find_imprint(DigestKind::sha256) == crypto::digest(DigestKind::sha256, content));
  CHECK(view.timestamps[1].kind == signature::TimestampNote::Kind::archive);
  CHECK_FALSE(view.timestamps[1].find_imprint(DigestKind::sha256));
}

TEST_CASE("an archive time stamp of version 3 covers what EN 319 122-1 section 5.5.3 says") {
  const CadesFixture f;
  const HandMade made(f);
  const auto hashed = [](base::BytesView octets) {
    return der::make(der::octet_string, crypto::digest(DigestKind::sha256, octets));
  };
  const auto index_of = [&](const Bytes& certificates) {
    return der::make(der::sequence, {cms::make_identifier(DigestKind::sha256), der::make(der::sequence, certificates),
                                     der::make(der::sequence, ""), der::make(der::sequence, "")});
  };
  const auto signature_with = [&](const Bytes& index, const Bytes& octets) {
    const Bytes token = f.token_for(octets);
    const auto read = cms::read_signed_data(token).value();
    auto parts = cms::parts_of(read).value();
    parts.signers.front() = cms::add_unsigned(cms::read_signer(parts.signers.front()).value(),
                                              cms::make_attribute(cms::ats_hash_index_v3, index));
    HandMade one(f);
    one.unsigned_attributes = cms::make_attribute(cms::archive_timestamp_v3, cms::make_signed_data(parts));
    return f.read(HandMade::wrap(one.signer(), f.anna.certificate));
  };
  const Bytes good = index_of(hashed(f.anna.certificate));
  const auto view = signature_with(good, "anything");
  REQUIRE(view.timestamps.size() == 1);
  const auto imprint = view.timestamps.front().find_imprint(DigestKind::sha256);
  REQUIRE(imprint);
  CHECK(*imprint != crypto::digest(DigestKind::sha256, ""));
  CHECK_FALSE(view.timestamps.front().find_imprint(DigestKind::sha512));
  CHECK_FALSE(view.timestamps.front().covers("another token"));
  // An index that names what is not there.
  CHECK_FALSE(signature_with(index_of(hashed("another certificate")), "anything")
                  .timestamps.front()
                  .find_imprint(DigestKind::sha256));
}

TEST_CASE("an archive time stamp proves the age of no time stamp that was added behind its back") {
  const CadesFixture f;
  const Bytes covered = f.token_for("covered");
  const Bytes added = f.token_for("added later");
  const Bytes hash = crypto::digest(DigestKind::sha256, der::make(cms::signature_timestamp) + covered);
  const Bytes index = der::make(
      der::sequence, {cms::make_identifier(DigestKind::sha256), der::make(der::sequence, ""),
                      der::make(der::sequence, ""), der::make(der::sequence, der::make(der::octet_string, hash))});
  const Bytes archiving = f.token_for("archive");  // what is read from it points into it
  auto parts = cms::parts_of(cms::read_signed_data(archiving).value()).value();
  parts.signers.front() = cms::add_unsigned(cms::read_signer(parts.signers.front()).value(),
                                            cms::make_attribute(cms::ats_hash_index_v3, index));
  HandMade made(f);
  made.attributes.push_back(cms::make_attribute(cms::content_timestamp, f.token_for("content")));
  made.unsigned_attributes = cms::make_attribute(cms::signature_timestamp, covered) +
                             cms::make_attribute(cms::archive_timestamp_v3, cms::make_signed_data(parts)) +
                             cms::make_attribute(cms::signature_timestamp, added);
  const auto view = f.read(made.make());
  REQUIRE(view.timestamps.size() == 4);
  const auto& archive = view.timestamps[2];
  REQUIRE(archive.kind == signature::TimestampNote::Kind::archive);
  REQUIRE(archive.find_imprint(DigestKind::sha256));
  CHECK(archive.covers(view.timestamps[0].token));
  CHECK(archive.covers(covered));
  CHECK_FALSE(archive.covers(added));
  CHECK_FALSE(archive.covers(archive.token));
  CHECK_FALSE(view.timestamps[1].covers);
}

TEST_CASE("a message with many signers does not become many times as large") {
  const CadesFixture f;
  cms::SignedDataParts parts;
  parts.digest_algorithms = {cms::make_identifier(DigestKind::sha256)};
  parts.content_type = cms::id_data.content();
  parts.certificates = {f.anna.certificate};
  parts.lists = {der::make(der::sequence, Bytes(std::size_t{3} * 1024 * 1024, 'x'))};
  parts.signers.assign(40, HandMade(f).signer());
  const auto document = signature::read_cades(cms::make_signed_data(parts), &f.content);
  REQUIRE(document.signatures.size() == 40);
  CHECK(is_right(document.signatures.front()));
  CHECK(document.signatures.back().format_flaw == "cms_too_many");
  CHECK(document.signatures.back().lists.empty());
  parts.lists.clear();
  parts.signers.assign(65, parts.signers.front());
  CHECK(document_flaw(cms::make_signed_data(parts)) == "cms_too_many");
}

TEST_CASE("what is no signature is told apart from what is a broken one") {
  const CadesFixture f;
  CHECK(document_flaw("") == "cms_malformed");
  CHECK(document_flaw("a text") == "cms_malformed");
  CHECK(document_flaw(f.anna.certificate) == "cms_malformed");
  CHECK(document_flaw(der::make(der::sequence, {der::make(cms::id_data), der::make(der::context(0), "")})) ==
        "cms_not_signed_data");
  CHECK(document_flaw(crypto::pack_certificates({f.anna.certificate}).value()) == "cms_no_signer");
  CHECK(signature::is_cms_signature(f.sign()));
  CHECK(signature::is_cms_signature("-----BEGIN CMS-----\n" + base::to_base64(f.sign()) + "\n-----END CMS-----\n"));
  // By its first octets, in PEM as well.
  CHECK(signature::is_cms_signature(base::Bytes(f.sign()).substr(0, 200)));
  CHECK(signature::is_cms_signature("-----BEGIN CMS-----\n" + base::to_base64(f.sign()).substr(0, 101)));
  CHECK_FALSE(signature::is_cms_signature("-----BEGIN CMS-----\n"));
  CHECK_FALSE(signature::is_cms_signature("-----BEGIN CMS-----\nAAAA"));
  CHECK_FALSE(signature::is_cms_signature(""));
  CHECK_FALSE(signature::is_cms_signature("<xml/>"));
  CHECK_FALSE(signature::is_cms_signature(f.anna.certificate));
}

TEST_CASE("a signature in PEM is read") {
  const CadesFixture f;
  for (const std::string label : {"PKCS7", "CMS"}) {
    const std::string pem =
        "-----BEGIN " + label + "-----\r\n" + base::to_base64(f.sign()) + "\r\n-----END " + label + "-----\r\n";
    CHECK(is_right(f.read(pem)));
    CHECK(is_right(f.read(pem + "\n \n")));
    // A second one would not be judged.
    CHECK(document_flaw(pem + pem) == "cms_malformed");
    CHECK(document_flaw(pem + "Paid.") == "cms_malformed");
  }
  CHECK(document_flaw("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") == "cms_malformed");
  CHECK(document_flaw("-----BEGIN CMS-----\nAAAA\n") == "cms_malformed");
}
