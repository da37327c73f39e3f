// docs/words.md: words that the texts do not use.
#include <doctest/doctest.h>
#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "places.hpp"
#include "text/catalogue.hpp"

namespace {

using text::Language;

struct Word {
  Language language = Language::en;
  icu::UnicodeString word;
  bool is_beginning = false;  // written with an asterisk: any letters may follow
  std::string instead;
};

/// Small letters, blanks instead of line breaks, no names of arguments.
icu::UnicodeString normal(const std::string& utf8) {
  static const std::regex argument("\\{[a-z_]+\\}");
  icu::UnicodeString words = icu::UnicodeString::fromUTF8(std::regex_replace(utf8, argument, "{}"));
  words.toLower(icu::Locale::getRoot());
  words.findAndReplace("\n", " ");
  return words;
}

std::vector<std::string> split_row(const std::string& line) {
  std::vector<std::string> cells;
  for (std::size_t at = line.find("| "); at != line.npos && at + 2 < line.size();) {
    const std::size_t end = line.find(" |", at + 1);
    if (end == line.npos) break;
    cells.push_back(line.substr(at + 2, end - at - 2));
    at = end + 1;
  }
  return cells;
}

std::vector<Word> read_words() {
  std::ifstream in(testing::source_folder + "/docs/words.md");
  REQUIRE(in);
  std::vector<Word> words;
  bool is_there = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) is_there = line == "## Words that are not used";
    const std::vector<std::string> cells = split_row(line);
    if (!is_there || cells.size() != 3 || cells[0] == "language" || cells[0] == "---") continue;
    Word word;
    REQUIRE_MESSAGE(text::find_language(cells[0], word.language), line);
    word.is_beginning = cells[1].ends_with('*');
    word.word = normal(word.is_beginning ? cells[1].substr(0, cells[1].size() - 1) : cells[1]);
    word.instead = cells[2];
    words.push_back(std::move(word));
  }
  return words;
}

bool is_letter(const icu::UnicodeString& words, int32_t at) {
  return at >= 0 && at < words.length() && (u_isalpha(words.char32At(at)) != 0 || words[at] == u'/');
}

bool has_word(const std::string& pattern, const Word& word) {
  const icu::UnicodeString words = normal(pattern);
  for (int32_t at = words.indexOf(word.word); at >= 0; at = words.indexOf(word.word, at + 1)) {
    const bool begins = !is_letter(words, at - 1);
    const bool ends = word.is_beginning || !is_letter(words, at + word.word.length());
    if (begins && ends) return true;
  }
  return false;
}

/// Words that the manual of a connector prescribes (S1.1): people look for just these.
bool is_of_manual(std::string_view key) {
  return key == "connector.who" || key == "connector.people";
}

Word make_word(const std::string& word, bool is_beginning) {
  return {Language::pl, normal(word), is_beginning, ""};
}

}  // namespace

TEST_CASE("no text uses a word that docs/words.md rules out") {
  const std::vector<Word> words = read_words();
  CHECK(words.size() > 40);
  for (const Language language : {Language::en, Language::de, Language::pl}) {
    for (const text::Sentence& sentence : text::catalogue_of(language).sentences) {
      for (const Word& word : words) {
        if (word.language != language || !has_word(sentence.pattern, word)) continue;
        if (is_of_manual(sentence.key)) continue;
        std::string utf8;
        FAIL_CHECK(text::code_of(language), "/", sentence.file, ":", sentence.line, ": ", sentence.key, " says \"",
                   word.word.toUTF8String(utf8), "\"; docs/words.md: ", word.instead);
      }
    }
  }
}

TEST_CASE("a word is found at its own beginning and end, in small and capital letters") {
  CHECK(has_word("Wyślij Odnośnik", make_word("odnośnik", false)));
  CHECK(has_word("Na zawsze.", make_word("na zawsze", false)));
  CHECK(has_word("usuń\nna zawsze", make_word("usuń na", false)));
  CHECK_FALSE(has_word("Wyślij odnośniki", make_word("odnośnik", false)));
  CHECK(has_word("Wyślij odnośniki", make_word("odnośnik", true)));
  CHECK_FALSE(has_word("Kampania", make_word("pan", true)));
  CHECK_FALSE(has_word("Ihre Administration: {administrator}", make_word("Administrator", false)));
  CHECK_FALSE(has_word("Mitarbeiter/in", make_word("Mitarbeiter", false)));
}
