#include "identity/spelling/script_mixture.hpp"

#include <doctest/doctest.h>

using identity::mixes_scripts;

TEST_CASE("a word of letters of two alphabets, which looks like one of another word, is found") {
  for (const char* text : {"аnna",              // Cyrillic а
                           "jan.kоwalski",      // Cyrillic о
                           "pаypal",            // Cyrillic а
                           "αnna",              // Greek α
                           "admin-οffice",      // Greek ο
                           "аdmin@clinic.pl"})  // Cyrillic а
  {
    CAPTURE(text);
    CHECK(mixes_scripts(text));
  }
}

TEST_CASE("words of one alphabet each are none, whichever alphabet it is") {
  for (const char* text : {"", "anna", "anna.kowalska", "Zażółć-gęślą_jaźń", "Grüße.Weiß", "jan2026", "иванова",
                           "анна.иванова", "anna.иванова", "αλέξανδρος", "山田", "e\xcc\x81milie"}) {
    CAPTURE(text);
    CHECK_FALSE(mixes_scripts(text));
  }
}

TEST_CASE("scripts that one language writes together are one, and what is not UTF-8 has none") {
  CHECK_FALSE(mixes_scripts("山田はなこ"));
  CHECK_FALSE(mixes_scripts("김永三"));
  CHECK_FALSE(mixes_scripts("\xff\xfe"));
}
