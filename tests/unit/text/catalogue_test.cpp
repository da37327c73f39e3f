#include "text/catalogue.hpp"

#include <doctest/doctest.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "text/icu.hpp"
#include "text/text.hpp"

namespace {

using text::Language;

constexpr std::array languages{Language::en, Language::de, Language::pl};

std::string place_of(Language language, const text::Sentence& sentence) {
  return std::string(text::code_of(language)) + "/" + std::string(sentence.file) + ":" + std::to_string(sentence.line) +
         ": " + std::string(sentence.key);
}

/// As a translator reads them: file by file, from the top to the end.
std::vector<const text::Sentence*> in_order_of_files(Language language) {
  std::vector<const text::Sentence*> all;
  for (const text::Sentence& sentence : text::catalogue_of(language).sentences) all.push_back(&sentence);
  std::sort(all.begin(), all.end(),
            [](const auto* a, const auto* b) { return std::tie(a->file, a->line) < std::tie(b->file, b->line); });
  return all;
}

/// What ICU finds in a pattern. `refusal` is empty if it accepts the pattern.
struct Anatomy {
  std::string refusal;
  std::set<std::string> arguments;
  std::set<std::string> plural_forms;  // "=0", "one", "few", "many", "other"
};

Anatomy dissect(std::string_view pattern) {
  Anatomy anatomy;
  UErrorCode status = U_ZERO_ERROR;
  UParseError error{};
  icu::MessagePattern parsed(status);
  parsed.parse(icu::UnicodeString::fromUTF8({pattern.data(), static_cast<int32_t>(pattern.size())}), &error, status);
  if (U_FAILURE(status)) {
    anatomy.refusal = std::string(u_errorName(status)) + " at character " + std::to_string(error.offset);
    return anatomy;
  }
  for (int32_t i = 0; i < parsed.countParts(); ++i) {
    const icu::MessagePattern::Part& part = parsed.getPart(i);
    std::string utf8;
    parsed.getSubstring(part).toUTF8String(utf8);
    if (part.getType() == UMSGPAT_PART_TYPE_ARG_NAME || part.getType() == UMSGPAT_PART_TYPE_ARG_NUMBER) {
      anatomy.arguments.insert(utf8);
    }
    if (part.getType() == UMSGPAT_PART_TYPE_ARG_SELECTOR) anatomy.plural_forms.insert(utf8);
  }
  return anatomy;
}

/// A translation may leave out the names of people, which its language may have to inflect.
std::set<std::string> with_names(std::set<std::string> arguments) {
  arguments.insert({"name", "person"});
  return arguments;
}

text::Catalogue parse(std::string_view content) {
  const std::array files{base::EmbeddedFile{"login.properties", "", content}};
  return text::parse_catalogue("de", files);
}

/// The mistake of a file that has exactly one; otherwise a text that says what was found.
std::string mistake_of(std::string_view content) {
  const text::Catalogue catalogue = parse(content);
  return catalogue.mistakes.size() == 1 ? catalogue.mistakes.front()
                                        : std::to_string(catalogue.mistakes.size()) + " mistakes";
}

}  // namespace

TEST_CASE("every file of texts can be read") {
  const std::map<Language, std::span<const base::EmbeddedFile>> files{
      {Language::en, text::embedded_en()}, {Language::de, text::embedded_de()}, {Language::pl, text::embedded_pl()}};
  for (const Language language : languages) {
    const text::Catalogue catalogue = text::parse_catalogue(text::code_of(language), files.at(language));
    for (const std::string& mistake : catalogue.mistakes) FAIL_CHECK(mistake);
    CHECK(catalogue.sentences.size() > 700);
    for (const base::EmbeddedFile& file : files.at(language)) {
      CHECK_MESSAGE(file.name.ends_with(".properties"), file.name);
    }
  }
}

TEST_CASE("a file of texts holds comments, keys and texts, and a text may go on in the next line") {
  const text::Catalogue catalogue = parse(
      "# Login\n"
      "\n"
      "login.title = Anmeldung\n"
      "login.motto=Eins = alles\n"
      "login.advice = Bitte prüfen Sie \\\n"
      "    # und Passwort.\r\n"
      "login.mail = Guten Tag,\\n\\n\\\n"
      "    das ist ein \\\\.");
  CHECK(catalogue.mistakes.empty());
  REQUIRE(catalogue.sentences.size() == 4);
  CHECK(catalogue.sentences[0].key == "login.advice");
  CHECK(catalogue.sentences[0].pattern == "Bitte prüfen Sie # und Passwort.");
  CHECK(catalogue.sentences[0].line == 5);
  CHECK(catalogue.sentences[1].pattern == "Guten Tag,\n\ndas ist ein \\.");
  CHECK(catalogue.sentences[2].pattern == "Eins = alles");
  CHECK(catalogue.sentences[3].pattern == "Anmeldung");
}

TEST_CASE("a mistake in a file of texts is named with its file and its line") {
  CHECK(mistake_of("a.b = x\na.c: y\n") == "de/login.properties:2: '=' is missing between key and text");
  CHECK(mistake_of("a.b = x\n\na.b = y\n") == "de/login.properties:3: a.b stands already in login.properties:1");
  CHECK(mistake_of("a.b =\n") == "de/login.properties:1: the text is missing");
  CHECK(mistake_of("a.b = x\n  and more = than that\n") ==
        "de/login.properties:2: an indented line continues a text: the line above must end with a backslash");
  CHECK(mistake_of("A b = x\n") == "de/login.properties:1: a key consists of small letters, digits, '_' and '.'");
  CHECK(mistake_of(" = x\n").starts_with("de/login.properties:1:"));
  CHECK(mistake_of("= x\n") == "de/login.properties:1: a key consists of small letters, digits, '_' and '.'");
  CHECK(mistake_of("a.b = x\\y\n") ==
        "de/login.properties:1: after a backslash comes n, a backslash or the line's end");
  CHECK(mistake_of("a.b = x \\\n") == "de/login.properties:1: the file ends, but its last line ends with a backslash");
  CHECK(mistake_of("a.b = x \\\n    y \n") == "de/login.properties:2: a blank at the end of the text");
  CHECK(mistake_of("a.b = x\na.c = \xfc\n") == "de/login.properties:2: this is not UTF-8");
  CHECK(parse("a\nb\nc = x\n").mistakes.size() == 2);
}

TEST_CASE("every text is there in every language, in the same file and in the same order") {
  const auto english = in_order_of_files(Language::en);
  for (const Language language : {Language::de, Language::pl}) {
    const auto other = in_order_of_files(language);
    for (const text::Sentence* sentence : english) {
      CHECK_MESSAGE(!text::find_pattern(language, sentence->key).empty(), text::code_of(language), " lacks ",
                    place_of(Language::en, *sentence));
    }
    for (const text::Sentence* sentence : other) {
      CHECK_MESSAGE(text::has(sentence->key), "en lacks ", place_of(language, *sentence));
    }
    for (std::size_t i = 0; i < std::min(english.size(), other.size()); ++i) {
      const bool is_same_place = std::tie(english[i]->file, english[i]->key) == std::tie(other[i]->file, other[i]->key);
      REQUIRE_MESSAGE(is_same_place, place_of(language, *other[i]), " stands where English has ",
                      place_of(Language::en, *english[i]));
    }
  }
}

TEST_CASE("every text is a message pattern of ICU, and has the arguments of its English original") {
  for (const Language language : languages) {
    for (const text::Sentence& sentence : text::catalogue_of(language).sentences) {
      const std::string place = place_of(language, sentence);
      const Anatomy anatomy = dissect(sentence.pattern);
      CHECK_MESSAGE(anatomy.refusal.empty(), place, ": ", anatomy.refusal);
      const std::string_view original = text::find_pattern(Language::en, sentence.key);
      CHECK_MESSAGE(with_names(anatomy.arguments) == with_names(dissect(original).arguments), place,
                    ": other arguments than in English");
      CHECK_MESSAGE(text::is_plural(sentence.pattern) == text::is_plural(original), place);
      CHECK_MESSAGE(text::is_plural(sentence.pattern) == !anatomy.plural_forms.empty(), place,
                    ": write {name, plural, …} with these blanks");
    }
  }
}

TEST_CASE("a text with a number has every plural form of its language") {
  for (const Language language : languages) {
    for (const text::Sentence& sentence : text::catalogue_of(language).sentences) {
      if (!text::is_plural(sentence.pattern)) continue;
      std::set<std::string> forms = dissect(sentence.pattern).plural_forms;
      forms.erase("=0");  // a sentence of its own for none
      const std::set<std::string> needed = language == Language::pl
                                               ? std::set<std::string>{"one", "few", "many", "other"}
                                               : std::set<std::string>{"one", "other"};
      CHECK_MESSAGE(forms == needed, place_of(language, sentence));
    }
  }
}

TEST_CASE("a text without a number, which does not go through ICU, reads as if it did") {
  for (const Language language : languages) {
    for (const text::Sentence& sentence : text::catalogue_of(language).sentences) {
      if (text::is_plural(sentence.pattern)) continue;
      text::Arguments arguments;
      for (const std::string& name : dissect(sentence.pattern).arguments) arguments.emplace_back(name, "Anna");
      CHECK_MESSAGE(text::say(language, sentence.key, arguments) ==
                        text::format_message(language, sentence.key, sentence.pattern, arguments),
                    place_of(language, sentence));
    }
  }
}
