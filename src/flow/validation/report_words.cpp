#include "flow/validation/report_words.hpp"

namespace flow {

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
