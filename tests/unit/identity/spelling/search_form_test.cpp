#include "identity/spelling/search_form.hpp"

#include <doctest/doctest.h>

using identity::search_form;

TEST_CASE("what is typed without accents finds names with them: every Latin letter has its plain one") {
  CHECK(search_form("Małgorzata") == "malgorzata");
  CHECK(search_form("MAŁGORZATA") == "malgorzata");
  CHECK(search_form("Żółć Ęą Śźń") == "zolc ea szn");
  CHECK(search_form("Weiß") == "weiss");
  CHECK(search_form("Ørsted") == "orsted");
  CHECK(search_form("Đorđe") == "dorde");
  CHECK(search_form("Æsa") == "aesa");
  CHECK(search_form("Þóra") == "thora");
  CHECK(search_form("İSMAİL") == search_form("ismail"));
  CHECK(search_form("ılgaz") == "ilgaz");
  CHECK(search_form("ＡＮＮＡ") == "anna");
  CHECK(search_form("O’Brien") == "o'brien");
  CHECK(search_form("A\u0301d\u00e1m") == "adam");  // accents apart and composed
}

TEST_CASE("letters of other scripts stay in their script, without accents and case") {
  CHECK(search_form("Иван") == "иван");
  CHECK(search_form("Άννα") == search_form("αννα"));
}

TEST_CASE("a beginning of a name has a beginning of its form") {
  for (const std::string_view name : {"Żółkiewska", "Weiß", "Ærøskøbing", "김민수", "Łukasz"}) {
    const std::string whole = search_form(name);
    for (std::size_t size = 1; size <= name.size(); ++size) {
      if (size < name.size() && (static_cast<unsigned char>(name[size]) & 0xc0) == 0x80) continue;
      CHECK_MESSAGE(whole.starts_with(search_form(name.substr(0, size))), name);
    }
  }
  CHECK(search_form("김").starts_with(search_form("기")));  // a syllable that is typed by half
}

TEST_CASE("a German name is found with its umlaut, without it, and as it is written on a foreign keyboard") {
  CHECK(identity::search_forms("Müller") == std::vector<std::string>{"muller", "mueller"});
  CHECK(identity::search_forms("Mu\u0308ller") == std::vector<std::string>{"muller", "mueller"});
  CHECK(identity::search_forms("Żak") == std::vector<std::string>{"zak"});
}

TEST_CASE("text that is not UTF-8 has no form") {
  CHECK(search_form("\xff\xfe").empty());
  CHECK(identity::split_at_space("\xff").empty());
}
