#include "audit/reported.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace audit {
namespace {

bool is_word_sign(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_code_sign(char c) {
  return is_word_sign(c) || (c >= 'A' && c <= 'Z') || std::string_view(".-:").find(c) != std::string_view::npos;
}

/// Control characters, also those of C1; ends of lines and paragraphs; and the signs that change the direction of what
/// follows, with which a text on a page could look like another.
bool has_control(std::string_view text) {
  using namespace std::string_view_literals;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    if (octet < 0x20 || octet == 0x7f) return true;
    const std::string_view rest = text.substr(i);
    if (octet == 0xc2 && rest.size() > 1 && static_cast<unsigned char>(rest[1]) < 0xa0) return true;
    // U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069, U+061C
    for (const std::string_view sign :
         {"\xe2\x80\x8e"sv, "\xe2\x80\x8f"sv, "\xe2\x80\xa8"sv, "\xe2\x80\xa9"sv, "\xe2\x80\xaa"sv, "\xe2\x80\xab"sv,
          "\xe2\x80\xac"sv, "\xe2\x80\xad"sv, "\xe2\x80\xae"sv, "\xe2\x81\xa6"sv, "\xe2\x81\xa7"sv, "\xe2\x81\xa8"sv,
          "\xe2\x81\xa9"sv, "\xd8\x9c"sv}) {
      if (rest.starts_with(sign)) return true;
    }
  }
  return false;
}

using Field = std::optional<std::string>;

Code judge_type(const Field& type) {
  if (!type) return "missing";
  if (type->size() > longest_reported_type) return "too_long";
  return is_reported_type(*type) ? Code() : Code("bad_form");
}

Code judge_time(const Field& at, base::Time now) {
  if (!at) return {};
  const auto time = base::parse_rfc3339(*at);
  if (!time) return "bad_form";
  return *time > now + clocks_may_differ ? Code("in_the_future") : Code();
}

Code judge_outcome(const Field& outcome) {
  if (!outcome) return "missing";
  return *outcome == "success" || *outcome == "failure" ? Code() : Code("not_a_choice");
}

Code judge_text(const Field& text) {
  if (!text) return {};
  if (text->empty() || !base::is_utf8(*text)) return "bad_form";
  if (base::count_code_points(*text) > longest_reported_text) return "too_long";
  return has_control(*text) ? Code("bad_character") : Code();
}

Code judge_code(const Field& code) {
  if (!code) return {};
  if (code->empty()) return "bad_form";
  if (code->size() > longest_reported_code) return "too_long";
  return std::all_of(code->begin(), code->end(), is_code_sign) ? Code() : Code("bad_character");
}

}  // namespace

bool is_reported_type(std::string_view type) {
  if (type.size() > longest_reported_type) return false;
  std::size_t words = 0;
  while (true) {
    const std::size_t dot = type.find('.');
    const std::string_view word = type.substr(0, dot);
    if (word.empty() || !std::all_of(word.begin(), word.end(), is_word_sign)) return false;
    ++words;
    if (dot == std::string_view::npos) return words > 1;
    type.remove_prefix(dot + 1);
  }
}

std::vector<ReportFlaw> find_flaws(const Reported& reported, base::Time now) {
  std::vector<ReportFlaw> flaws;
  const auto note = [&](std::string_view field, Code code) {
    if (!code.empty()) flaws.push_back({field, code});
  };
  note("type", judge_type(reported.type));
  note("at", judge_time(reported.at, now));
  note("outcome", judge_outcome(reported.outcome));
  note("actor", judge_text(reported.actor));
  note("subject", judge_text(reported.subject));
  note("object", judge_text(reported.object));
  note("reason", judge_code(reported.reason));
  note("request_id", judge_code(reported.request_id));
  return flaws;
}

}  // namespace audit
