#include "flow/validation/report_words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace flow {
namespace {

/// By the norm's name (EN 319 102-1, clauses 5.2 and 5.3).
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> blocks{
    {{"format checking", "format_checking"},
     {"identification of the signing certificate", "identification_of_the_signing_certificate"},
     {"validation context initialization", "validation_context_initialization"},
     {"cryptographic verification", "cryptographic_verification"},
     {"X.509 certificate validation", "x_509_certificate_validation"},
     {"signature acceptance validation", "signature_acceptance_validation"},
     {"time-stamp validation", "time_stamp_validation"},
     {"past signature validation", "past_signature_validation"}}};

}  // namespace

std::string say_reason(text::Language language, const signature::Verdict& verdict) {
  if (verdict.is_passed() || verdict.reason.empty()) return {};
  const std::string key = "validation.reason." + verdict.reason;
  if (text::has(key)) return text::say(language, key);
  for (const std::string_view family : {"xml", "xades", "cms"}) {
    if (verdict.reason.starts_with(std::string(family) + "_")) {
      return text::say(language, "validation.family." + std::string(family));
    }
  }
  return text::say(language, "validation.family.other");
}

std::string say_note(text::Language language, std::string_view code) {
  const std::string key = "validation.note." + std::string(code);
  return text::has(key) ? text::say(language, key) : std::string(code);
}

std::string say_block(text::Language language, std::string_view name) {
  const auto* const found =
      std::find_if(blocks.begin(), blocks.end(), [&](const auto& block) { return block.first == name; });
  return found == blocks.end() ? std::string(name)
                               : text::say(language, "validation.step." + std::string(found->second));
}

std::string print_words(const signature::Verdict& verdict) {
  std::string words(signature::name_of(verdict.indication));
  if (verdict.sub_indication != signature::SubIndication::none) {
    (words += ' ') += signature::name_of(verdict.sub_indication);
  }
  return words;
}

std::string_view print_kind(const signature::ScopePart& part) {
  return signature::name_of(part.kind);
}

std::string_view print_kind(const signature::TimestampNote& note) {
  return signature::name_of(note.kind);
}

}  // namespace flow
