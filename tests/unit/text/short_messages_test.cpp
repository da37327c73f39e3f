// How many parts short messages have. A part has 160 septets of the alphabet of GSM, or 70 units of UCS-2 as soon as
// one character is not in that alphabet; of a message of several parts each has room for 153 septets or 67 units (3GPP
// TS 23.038 §6.2.1, TS 23.040 §9.2.3.24.1). docs/words.md, "Short messages".
#include <doctest/doctest.h>
#include <unicode/unistr.h>

#include <string>
#include <string_view>
#include <vector>

#include "text/text.hpp"

namespace {

using text::Language;

// The Greek letters of the alphabet are left out, because no text has them.
constexpr std::u16string_view one_septet =
    u"@£$¥èéùìòÇ\nØø\rÅå_ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    u"abcdefghijklmnopqrstuvwxyzäöñüà";
constexpr std::u16string_view two_septets = u"^{}\\[~]|€";

int count_parts(int length, int alone, int joined) {
  return length <= alone ? 1 : (length + joined - 1) / joined;
}

int count_parts(const std::string& utf8) {
  const icu::UnicodeString message = icu::UnicodeString::fromUTF8(utf8);
  int septets = 0;
  for (int32_t i = 0; i < message.length(); ++i) {
    const bool is_one = one_septet.find(message[i]) != std::u16string_view::npos;
    const bool is_two = two_septets.find(message[i]) != std::u16string_view::npos;
    if (!is_one && !is_two) return count_parts(message.length(), 70, 67);
    septets += is_one ? 1 : 2;
  }
  return count_parts(septets, 160, 153);
}

/// A name of 25 characters, a link with a token, the longest code and the longest temporary password.
text::Arguments usual_values(Language language) {
  const base::Time time = base::parse_rfc3339("2026-11-30T19:15:00Z").value();
  return {{"site", std::string("Clinic by the Green River")},
          {"link", "https://clinic.example/reset/confirm?token=" + std::string(32, '0')},
          {"code", std::string("12345678")},
          {"host", std::string("login.clinic.example")},
          {"password", std::string("ABCD-EFGH-JKLM-NPQR")},
          {"minutes", std::string("30")},
          {"days", std::string("14")},
          {"time", text::format_time(language, time, "Europe/Warsaw")}};
}

bool has_way_in(Language language, std::string_view key) {
  return text::find_pattern(language, key).find("{way_in}") != std::string_view::npos;
}

/// The message of `key`; if it names a way in, one for each.
std::vector<std::string> usual_messages(Language language, std::string_view key) {
  if (!has_way_in(language, key)) return {text::say(language, key, usual_values(language))};
  std::vector<std::string> messages;
  for (const std::string_view way_in : text::keys()) {
    if (!way_in.starts_with("message.way_in.")) continue;
    text::Arguments values = usual_values(language);
    values.emplace_back("way_in", text::say(language, way_in));
    messages.push_back(text::say(language, key, values));
  }
  return messages;
}

}  // namespace

TEST_CASE("a short message with a usual name, code and link has one part") {
  std::size_t count = 0;
  for (const Language language : {Language::en, Language::de, Language::pl}) {
    for (const std::string_view key : text::keys()) {
      if (!key.starts_with("message.") || !key.ends_with(".sms")) continue;
      // A mail says the same sentence about the way in, so that it has all letters of Polish.
      const int most = language == Language::pl && has_way_in(language, key) ? 3 : 1;
      for (const std::string& message : usual_messages(language, key)) {
        CHECK_MESSAGE(count_parts(message) <= most, text::code_of(language), " ", key, ": ", message);
        CHECK_MESSAGE(message.find('{') == std::string::npos, message);
        ++count;
      }
    }
  }
  CHECK(count > 60);
}

TEST_CASE("a letter that is not in the alphabet of short messages takes more than half of the room") {
  CHECK(count_parts(std::string(159, 'a') + "ö") == 1);
  CHECK(count_parts(std::string(160, 'a') + "ö") == 2);
  CHECK(count_parts(std::string(159, 'a') + "€") == 2);
  CHECK(count_parts(std::string(69, 'a') + "ł") == 1);
  CHECK(count_parts(std::string(70, 'a') + "ł") == 2);
  CHECK(count_parts(std::string(134, 'a') + "ł") == 3);
  CHECK(count_parts(std::string(306, 'a')) == 2);
}
