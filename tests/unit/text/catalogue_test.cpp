#include "text/catalogue.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "text/text.hpp"

namespace {

/// Names in braces. Of a plural pattern the selector's name only: its branches have braces of their own.
std::set<std::string> placeholders(std::string_view pattern) {
  if (text::is_plural(pattern)) {
    const std::size_t open = pattern.find('{');
    return {std::string(pattern.substr(open + 1, pattern.find(',') - open - 1))};
  }
  std::set<std::string> names;
  for (std::size_t open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{', open + 1)) {
    names.insert(std::string(pattern.substr(open + 1, pattern.find('}', open) - open - 1)));
  }
  return names;
}

}  // namespace

TEST_CASE("every sentence is there in every language, in the same place and with the same placeholders") {
  const auto english = text::english();
  for (const auto& other : {text::german(), text::polish()}) {
    REQUIRE(other.size() == english.size());
    for (std::size_t i = 0; i < english.size(); ++i) {
      CHECK(other[i].key == english[i].key);
      CHECK_MESSAGE(placeholders(other[i].pattern) == placeholders(english[i].pattern), english[i].key);
      CHECK(text::is_plural(other[i].pattern) == text::is_plural(english[i].pattern));
      CHECK_FALSE(other[i].pattern.empty());
    }
  }
}

TEST_CASE("no key occurs twice") {
  std::set<std::string_view> seen;
  for (const text::Sentence& sentence : text::english()) CHECK_MESSAGE(seen.insert(sentence.key).second, sentence.key);
}

TEST_CASE("plural sentences can be read by ICU and have the forms of their language") {
  for (const std::string_view key : text::keys()) {
    for (const auto language : {text::Language::en, text::Language::de, text::Language::pl}) {
      const std::string_view pattern = text::find_pattern(language, key);
      if (!text::is_plural(pattern)) continue;
      text::Arguments numbers;
      for (const char* name : {"n", "count", "days", "hours", "minutes", "needed", "actual"}) {
        numbers.emplace_back(name, std::int64_t{7});
      }
      const std::string said = text::say(language, key, numbers);
      CHECK_MESSAGE(said.find('{') == std::string::npos, said);
      if (language == text::Language::pl) CHECK_MESSAGE(pattern.find("few {") != std::string_view::npos, key);
    }
  }
}
