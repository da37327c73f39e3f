// Makes XAdES signatures for tests in the two steps; wrong ones are made from them by hand.
#pragma once

#include "signature/xades/xades_reader.hpp"
#include "signature/xades/xades_writer.hpp"
#include "unit/signature/cades/cades_fixture.hpp"

namespace testing {

inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, "not found: ", from);
  return text.replace(at, from.size(), to);
}
inline std::string replaced_last(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.rfind(from);
  REQUIRE_MESSAGE(at != std::string::npos, "not found: ", from);
  return text.replace(at, from.size(), to);
}
inline std::string without_ids(std::string text) {
  for (std::size_t at = text.find(" Id=\""); at != std::string::npos; at = text.find(" Id=\""))
    text.erase(at, text.find('"', at + 5) + 1 - at);
  return text;
}
/// From the first `start` to the end of the next `end`.
inline std::string cut(std::string_view text, std::string_view start, std::string_view end) {
  const std::size_t from = text.find(start);
  REQUIRE(from != std::string_view::npos);
  const std::size_t to = text.find(end, from);
  REQUIRE(to != std::string_view::npos);
  return std::string(text.substr(from, to + end.size() - from));
}

struct XadesFixture {
  SmallAuthority authority;
  Signer anna = make_signer(authority, "Anna Nowak");
  int made = 0;

  [[nodiscard]] signature::SignatureWish wish(signature::Packaging packaging) {
    signature::SignatureWish one;
    one.packaging = packaging;
    one.certificate = anna.certificate;
    one.chain = {authority.issuing};
    one.algorithm = ecdsa_256;
    one.signing_time = noon;
    one.unique_part = "0123456789abcdef-" + std::to_string(++made);
    return one;
  }
  [[nodiscard]] static base::Bytes value_of(const signature::Prepared& prepared, const Signer& signer) {
    base::Bytes value = signer.sign(prepared.algorithm, prepared.to_be_signed);
    if (prepared.algorithm.scheme != crypto::SignatureScheme::ecdsa) return value;
    return crypto::convert_value(signer.key.public_key(), value, crypto::ValueForm::der, crypto::ValueForm::raw)
        .value();
  }
  [[nodiscard]] base::Bytes sign(const signature::SignatureWish& wanted,
                                 const std::vector<const signature::Content*>& contents, const Signer& signer) const {
    const auto prepared = signature::prepare_xades(wanted, contents);
    REQUIRE_MESSAGE(prepared, base::describe(prepared.error()));
    auto done = signature::complete_xades(prepared->state, value_of(*prepared, signer));
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return *done;
  }
  [[nodiscard]] base::Bytes sign(const signature::SignatureWish& wanted, const std::string& text) const {
    const MemoryContent content(text, "letter.xml");
    return sign(wanted, {&content}, anna);
  }
  [[nodiscard]] base::Bytes envelop(const std::string& text) {
    return sign(wish(signature::Packaging::enveloped), text);
  }

  [[nodiscard]] static std::vector<signature::SignatureView> read_all(
      base::BytesView octets, const std::vector<const signature::Content*>& detached = {}) {
    auto document = signature::read_xades(octets, detached);
    REQUIRE_MESSAGE(document.flaw.empty(), document.flaw, " ", document.detail);
    return std::move(document.signatures);
  }
  [[nodiscard]] static signature::SignatureView read(base::BytesView octets,
                                                     const std::vector<const signature::Content*>& detached = {}) {
    auto all = read_all(octets, detached);
    REQUIRE(all.size() == 1);
    return all.front();
  }
};

/// "flaw detail", "missing NAME", "differs NAME", "value", "certificate", or "" = right: for readable failures.
inline std::string wrong(const signature::SignatureView& view) {
  if (!view.format_flaw.empty()) return view.format_flaw;
  if (!view.is_data_found) return "missing " + view.missing_data;
  if (!view.are_digests_right) return "differs " + view.wrong_digest;
  if (view.has_certificate_reference && !view.matches_certificate_reference) return "certificate";
  return view.is_value_right ? "" : "value";
}
inline std::string scope_of(const signature::SignatureView& view) {
  std::string all;
  for (const auto& part : view.scope)
    all += (all.empty() ? "" : " ") + std::string(name_of(part.kind)) + (part.name.empty() ? "" : ":" + part.name);
  return all;
}

}  // namespace testing
