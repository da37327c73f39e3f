#include "identity/identifier/login_name.hpp"

#include <doctest/doctest.h>

#include "base/bytes.hpp"
#include "seeded.hpp"

using identity::canonical_login;
using identity::check_login;
using identity::normal_password;

TEST_CASE("every spelling of a login shares one canonical form") {
  for (const char* spelling : {"john", "John", "JOHN", "ｊｏｈｎ", "ＪＯＨＮ", " john ", "\tjohn", "jo\u200Bhn",
                               "j\u00ADohn", "\u00A0john\u3000", "ⓙⓞⓗⓝ"}) {
    CHECK_MESSAGE(canonical_login(spelling).value() == "john", spelling);
  }
  CHECK(canonical_login("ﬁona").value() == "fiona");
  CHECK(canonical_login("Strauß").value() == canonical_login("STRAUSS").value());
  CHECK(canonical_login("Ángel").value() == canonical_login("A\u0301ngel").value());
  CHECK(canonical_login("José").value() != canonical_login("Jose").value());
}

TEST_CASE(
    "an e-mail address is one login in each spelling of its domain, and never that of the domain it would fold into") {
  for (const char* spelling :
       {"jan@straße.pl", "JAN@straße.pl", " jan@straße.pl ", "jan@xn--strae-oqa.pl", "Jan@XN--STRAE-OQA.PL",
        "ｊａｎ＠straße．pl", "jan@stra\u00ADße.pl", "j\u200Ban@straße.pl", "jan@straße。pl"}) {
    CHECK_MESSAGE(canonical_login(spelling).value() == "jan@xn--strae-oqa.pl", spelling);
  }
  for (const char* spelling : {"jan@strasse.pl", "JAN@STRASSE.PL", "jan@ｓtrasse.pl"}) {
    CHECK_MESSAGE(canonical_login(spelling).value() == "jan@strasse.pl", spelling);
  }
  CHECK(canonical_login("jan@müller.pl").value() == "jan@xn--mller-kva.pl");
  CHECK(canonical_login("JAN@mu\u0308LLER.pl").value() == "jan@xn--mller-kva.pl");
  // Final sigma is the other letter that case folding would change.
  CHECK(canonical_login("a@βόλος.com").value() != canonical_login("a@βόλοσ.com").value());
  // The local part is not a domain. Text with an @ alone is not an address.
  CHECK(canonical_login("Strauß@clinic.example").value() == "strauss@clinic.example");
  CHECK(canonical_login("Strauß@ward").value() == "strauss@ward");
}

TEST_CASE("what would be an address only once it is folded is nobody's login") {
  const std::string label = std::string(58, 'a') + "ß";  // too long as an A-label, but not with "ss"
  CHECK_FALSE(canonical_login("jan@" + label + ".pl"));
  CHECK(canonical_login("jan@ß.pl"));
}

TEST_CASE("a login that is an address is measured as it was typed, not in A-labels") {
  CHECK(check_login("jan@przychodnia-zażółć-gęślą-jaźń-w-mieście.pl"));
  CHECK(check_login("jan@straße.pl").value() == "jan@xn--strae-oqa.pl");
}

TEST_CASE("a login has three to fifty characters, whatever they are made of") {
  CHECK_FALSE(check_login(""));
  CHECK_FALSE(check_login("ab"));
  CHECK(check_login("abc"));
  CHECK(check_login(std::string(50, 'a')));
  CHECK_FALSE(check_login(std::string(51, 'a')));
  CHECK(check_login("żółw"));
  CHECK_FALSE(check_login("żó"));  // four octets, two characters
  std::string fifty;
  for (int i = 0; i < 50; ++i) fifty += "ż";
  CHECK(check_login(fifty));
  CHECK_FALSE(check_login(fifty + "ż"));
  CHECK(check_login("😀😀😀"));
}

TEST_CASE(
    "a login that mixes alphabets in a word, and so looks like another one, is refused; old ones are still found") {
  const char* const looks_like_anna = "\u0430nna.kowalska";  // Cyrillic "а"
  CHECK_FALSE(check_login(looks_like_anna));
  CHECK_FALSE(check_login("ｊ\u043eｎ"));
  CHECK(canonical_login(looks_like_anna));
  for (const char* fine : {"anna.kowalska", "Zażółć", "Grüße", "анна.иванова", "αλέξανδρος", "anna.иванова"}) {
    CAPTURE(fine);
    CHECK(check_login(fine));
  }
}

TEST_CASE("a login has no white space and nothing invisible") {
  for (const char* bad : {"jan kowalski", " jan", "jan ", "jan\tk", "jan\nk", "jan\u00A0k", "jan\u200Bk", "jan\u202Ek",
                          "jan\uFEFF", "jan\u3164", "jan\x7f", "jan\uE000", "jan´k"}) {
    CHECK_MESSAGE(!check_login(bad), bad);
  }
  for (const char* good : {"jan.kowalski", "jan_k-1", "info+sales@example.org", "łucja"})
    CHECK_MESSAGE(check_login(good), good);
  CHECK_FALSE(check_login(std::string_view("jan\0k", 5)));
  CHECK_FALSE(check_login("jan\xff"));
}

TEST_CASE("what is too long is refused before it is worked on") {
  CHECK(canonical_login(std::string(256, 'a')));
  CHECK_FALSE(canonical_login(std::string(257, 'a')));
  CHECK_FALSE(canonical_login(std::string(1'000'000, 'a')));
}

TEST_CASE("a canonical login is its own canonical form") {
  Seeded random;
  const std::string_view letters[] = {"a",      "Z",  "Ä", "ß", "İ", "ı", "ﬁ", "Ǆ", "ΐ", "한", "\u0301",
                                      "\u200D", "１", " ", "😀", "ſ", "Σ", "@", ".", "ς", "＠", "xn--"};
  for (int i = 0; i < 5000; ++i) {
    const std::string text = random.some_of(letters, static_cast<std::size_t>(random.number(0, 10)));
    const auto once = canonical_login(text);
    if (once) CHECK_MESSAGE(canonical_login(*once).value() == *once, text);
    CHECK_MESSAGE(identity::folded(identity::folded(text).value()).value() == identity::folded(text).value(), text);
  }
}

TEST_CASE("a password keeps its case and spaces, and has one form for composed and decomposed letters") {
  CHECK(normal_password("Pass word ").value() == "Pass word ");
  CHECK(normal_password("zażółć").value() == normal_password("zaz\u0307o\u0301łc\u0301").value());
  CHECK(normal_password("ﬁ").value() == "ﬁ");  // NFC, not NFKC
  CHECK_FALSE(normal_password(""));
  CHECK_FALSE(normal_password(std::string_view("a\0b", 3)));
  CHECK_FALSE(normal_password("\xc0\xaf"));
  CHECK(normal_password(std::string(128, 'a')));
  CHECK_FALSE(normal_password(std::string(129, 'a')));
  std::string emoji;
  for (int i = 0; i < 128; ++i) emoji += "😀";
  CHECK(normal_password(emoji));
  CHECK_FALSE(normal_password(emoji + "a"));
}
