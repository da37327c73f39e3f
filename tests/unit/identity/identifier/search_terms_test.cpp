#include "identity/identifier/search_terms.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using identity::search_words;
using identity::SearchTerms;
using Words = std::vector<std::string>;

namespace {

/// Whether each word of what was typed is the beginning of a term.
bool finds(const SearchTerms& terms, std::string_view typed) {
  const Words words = search_words(typed);
  return !words.empty() && std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    const auto begin = terms.all().lower_bound(word);
    const auto end = terms.all().lower_bound(identity::end_of_beginning(word));
    return std::any_of(begin, end, [&](const std::string& term) {
      return term.back() != identity::end_of_number || identity::finds_numbers(words, word);
    });
  });
}

}  // namespace

TEST_CASE("a person is found by the beginnings of the names, in any order, case and spelling") {
  SearchTerms anna;
  anna.add_name("Małgorzata Anna");
  anna.add_name("Nowak-Żółkiewska");
  for (const char* typed : {"malgorzata", "MAŁG", "Nowak Małgorzata", "anna nowak", "zolk", "nowak-zol", "a n m",
                            "Nowak, Anna", "nowak\u00a0anna"}) {
    CHECK_MESSAGE(finds(anna, typed), typed);
  }
  for (const char* typed : {"algorzata", "owak", "anna kowalska", "nowakz", "%", "", " ", "_nowak%x"}) {
    CHECK_FALSE_MESSAGE(finds(anna, typed), typed);
  }
}

TEST_CASE("names with an apostrophe are found with and without it, German ones also as 'ue'") {
  SearchTerms terms;
  terms.add_name("O’Brien");
  terms.add_name("Müller");
  for (const char* typed : {"o'brien", "obrien", "O’Br", "brien", "muller", "mueller", "MÜLL"}) {
    CHECK_MESSAGE(finds(terms, typed), typed);
  }
}

TEST_CASE("an e-mail address is found whole, by the words before the @, and by its domain") {
  SearchTerms terms;
  terms.add_identifier("email", "anna.kowalska+x@clinic.example", "Anna.Kowalska+x@clinic.example");
  for (const char* typed : {"anna.kowalska+x@clinic.example", "Anna.Kow", "kowalska", "clinic.ex", "anna clinic"}) {
    CHECK_MESSAGE(finds(terms, typed), typed);
  }
  CHECK_FALSE(finds(terms, "example"));
}

TEST_CASE("a telephone number is found with and without its country, however it is grouped") {
  SearchTerms polish;
  polish.add_identifier("phone", "+48600100200", "+48 600 100 200");
  for (const char* typed : {"+48 600 100 200", "48600100", "600 100 200", "600-100-200", "6001", "(600) 100"}) {
    CHECK_MESSAGE(finds(polish, typed), typed);
  }
  CHECK_FALSE(finds(polish, "100 200"));
  SearchTerms german;
  german.add_identifier("phone", "+4917234567890", "+49 172 34567890");
  for (const char* typed : {"0172 3456", "172/34567890", "+49 (0) 172"}) CHECK_MESSAGE(finds(german, typed), typed);
}

TEST_CASE("PESEL, NIP, permit numbers, passports and cards are found by their first four characters and more") {
  SearchTerms terms;
  terms.add_identifier("pesel", "44051401359", "44051401359");
  terms.add_identifier("nip", "5261040828", "526-104-08-28");
  terms.add_identifier("pwz", "5425740", "5425740");
  terms.add_identifier("id_card", "ABS123456", "ABS 123456");
  for (const char* typed : {"4405", "440514", "44051401359", "526-104", "5261040828", "526 104 08 28", "54257",
                            "abs123", "ABS 123456", "123456"}) {
    CHECK_MESSAGE(finds(terms, typed), typed);
  }
  for (const char* typed : {"0514", "4", "440", "44 0", "ABS", "A", "AB", "54", "abs 12", "nobody"}) {
    CHECK_FALSE_MESSAGE(finds(terms, typed), typed);
  }
  // A telephone number and a login are shown to administrators, and are found by less.
  terms.add_identifier("phone", "+48600100200", "+48 600 100 200");
  terms.add_identifier("login", "j7", "j7");
  for (const char* typed : {"6", "60", "j", "j7"}) CHECK_MESSAGE(finds(terms, typed), typed);
}

TEST_CASE("only a search that could begin a number counts as one, and names and addresses do not") {
  for (const char* typed : {"4405", "Nowak 4405", "44 05", "ABS 123456", "abs123", "600100200", "526-104-08-28"}) {
    CHECK_MESSAGE(identity::can_find_numbers(search_words(typed)), typed);
  }
  for (const char* typed : {"", "nowak", "Nowak Jan", "jan.nowak2", "jan7@clinic.example", "440", "j7", "wiśniewski"}) {
    CHECK_FALSE_MESSAGE(identity::can_find_numbers(search_words(typed)), typed);
  }
}

TEST_CASE("numbers that are typed in groups are one word, and a name before or after them is another") {
  CHECK(search_words("Nowak +48 600 100 200") == Words{"nowak", "48600100200"});
  CHECK(search_words("600 100 Nowak 5") == Words{"600100", "nowak", "5"});
  CHECK(search_words("AB:CD:01") == Words{"abcd01"});
  CHECK(search_words(" ,. ").empty());
}

TEST_CASE("a word that is typed again, or that another word begins with, costs nothing, and eight words count") {
  std::string many;
  for (int i = 0; i < 50; ++i) many += "a ";
  CHECK(search_words(many) == Words{"a"});
  CHECK(search_words("an anna A nowak Nowak no") == Words{"anna", "nowak"});
  CHECK(search_words("anna an") == Words{"anna"});
  CHECK(search_words("b c d e f g h i j k") == Words{"b", "c", "d", "e", "f", "g", "h", "i"});
  SearchTerms anna;
  anna.add_name("Anna Nowak");
  CHECK(finds(anna, "a an ann anna n no nowak"));
  CHECK_FALSE(finds(anna, "anna annab"));
}

TEST_CASE("terms and words have one greatest length, so that the longest name is still found by what was typed") {
  const std::string name(300, 'a');
  SearchTerms terms;
  terms.add_name(name);
  CHECK(terms.all().begin()->size() == 200);
  CHECK(finds(terms, name));
}

TEST_CASE("accounts are sorted by family name, then given name, then whatever names them") {
  CHECK(identity::sort_form("Żak", "Ewa Maria", "x") == "zak ewa maria");
  CHECK(identity::sort_form("", "", "Pump 7") == "pump 7");
  CHECK(identity::sort_form("", "", "") == "~");
}
