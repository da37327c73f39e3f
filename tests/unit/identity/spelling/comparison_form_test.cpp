#include "identity/spelling/comparison_form.hpp"

#include <doctest/doctest.h>

#include "base/bytes.hpp"
#include "seeded.hpp"

using identity::comparison_form;

TEST_CASE("spellings of one word have one comparison form") {
  for (const char* spelling : {"ismail", "ISMAIL", "İSMAİL", "ｉｓｍａｉｌ", "i\u200Bsm\u00ADail", "İ̈smaíl"}) {
    CHECK_MESSAGE(comparison_form(spelling) == "ismail", spelling);
  }
  CHECK(comparison_form("Straße") == "strasse");
  CHECK(comparison_form("STRAẞE") == "strasse");
  CHECK(comparison_form("ﬁnanz") == "finanz");
  CHECK(comparison_form("Müller") == comparison_form("Mu\u0308ller"));
  CHECK(comparison_form("②") == "2");
  CHECK(comparison_form("\xff") == "");
  CHECK(comparison_form("") == "");
  CHECK(comparison_form("ısmail") != "ismail");  // dotless i is another letter
  CHECK(comparison_form("żółw") == "zołw");      // ł is another letter, not l with an accent
}

TEST_CASE("a comparison form is its own comparison form") {
  Seeded random;
  const std::string_view letters[] = {"a", "A",      "Ä",  "ß",      "ẞ",      "İ",      "ı",      "ﬁ",     "Ǆ", "ΐ",
                                      "ϔ", "한",     "ᄒ", "\u0301", "\u0345", "\u200D", "\u00AD", "１",    "Ⅷ", "㎏",
                                      "😀", "\uFE0F", "ſ",  "ς",      "Σ",      "ᾼ",      " ",      "\u3000"};
  for (int i = 0; i < 5000; ++i) {
    const std::string text = random.some_of(letters, static_cast<std::size_t>(random.number(0, 12)));
    const std::string once = comparison_form(text);
    CHECK_MESSAGE(comparison_form(once) == once, text);
    CHECK(base::is_utf8(once));
  }
}

TEST_CASE("backwards is by code points, twice is forwards") {
  CHECK(identity::reversed("abc") == "cba");
  CHECK(identity::reversed("aż😀") == "😀ża");
  CHECK(identity::reversed(identity::reversed("Łódź 😀")) == "Łódź 😀");
}

TEST_CASE("words are stretches of letters and digits, short ones left out") {
  CHECK(identity::words_of("Nowak-Kowalska", 3) == std::vector<std::string>{"Nowak", "Kowalska"});
  CHECK(identity::words_of("von der Öst", 4).empty());
  CHECK(identity::words_of("a.b_cde+żółw7", 3) == std::vector<std::string>{"cde", "żółw7"});
  CHECK(identity::words_of("", 1).empty());
}

TEST_CASE("white space and invisible characters of all kinds are seen") {
  for (const char* bad : {" ", "a b", "a\tb", "\u00A0", "\u2003", "\u3000", "\u200B", "\u2060", "\u202E", "\uFEFF",
                          "\u3164", "\x7f", "\uE000", "\u0378"}) {
    CHECK_MESSAGE(identity::has_space_or_invisible(bad), bad);
  }
  for (const char* good : {"", "abc", "zażółć", "😀", "a\u0301"}) CHECK_FALSE(identity::has_space_or_invisible(good));
  CHECK(identity::trimmed(" \u00A0\u3000a b\u2003\t") == "a b");
  CHECK(identity::trimmed("   ") == "");
  CHECK(identity::trimmed("") == "");
}

TEST_CASE("typed numbers come down to ASCII") {
  CHECK(identity::ascii_form("＋４９ （０）１７２") == "+49 (0)172");
  CHECK(identity::ascii_form("٤٤٠") == "440");
  CHECK(identity::ascii_form("1\u20112\u22123\u00A04\u202F5") == "1-2-3 4 5");
  CHECK(identity::ascii_form("\u202A+48\u202C") == "+48");
}

TEST_CASE("an estimator sees one octet a character") {
  CHECK(identity::estimation_form("hasło") == "haslo");
  CHECK(identity::estimation_form("Pąsswörd") == "Password");
  CHECK(identity::estimation_form("日日本") == "\x80\x80\x81");
}
