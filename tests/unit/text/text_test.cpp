#include "text/text.hpp"

#include <doctest/doctest.h>

using text::Language;

TEST_CASE("Polish has a form for one, one for few and one for many") {
  const auto failures = [](std::int64_t n) { return text::say(Language::pl, "home.failures", {{"n", n}}); };
  CHECK(failures(0) == "brak");
  CHECK(failures(1) == "1 nieudana próba");
  CHECK(failures(3) == "3 nieudane próby");
  CHECK(failures(5) == "5 nieudanych prób");
  CHECK(failures(12) == "12 nieudanych prób");
  CHECK(failures(22) == "22 nieudane próby");
  CHECK(text::say(Language::en, "home.failures", {{"n", std::int64_t{1}}}) == "1 failed attempt");
  CHECK(text::say(Language::de, "home.failures", {{"n", std::int64_t{2}}}) == "2 Fehlversuche");
}

TEST_CASE("a link that is valid for one minute says so in each language") {
  const auto mail = [](Language language) {
    return text::say(
        language, "message.reset_link.text",
        {{"minutes", std::int64_t{1}}, {"link", std::string("https://x/")}, {"site", std::string("Clinic")}});
  };
  CHECK(mail(Language::en).find("valid for 1 minute and works") != std::string::npos);
  CHECK(mail(Language::de).find("gilt 1 Minute und") != std::string::npos);
  CHECK(mail(Language::pl).find("ważny 1 minutę i") != std::string::npos);
}

TEST_CASE("placeholders are replaced once, whatever the values hold") {
  CHECK(text::say(Language::en, "login.to_client", {{"client", std::string("{client} & <b>")}}) ==
        "to continue to {client} & <b>");
  CHECK(text::say(Language::en, "login.to_client") == "to continue to {client}");
}

TEST_CASE("a sentence that nobody wrote shows its key") {
  CHECK(text::say(Language::pl, "no.such.sentence") == "no.such.sentence");
  CHECK_FALSE(text::has("no.such.sentence"));
}

TEST_CASE("ui_locales come first, then the account's choice, then the browser's wishes") {
  CHECK(text::choose_language("fr pl-PL de", "de", "en") == Language::pl);
  CHECK(text::choose_language("", "de", "pl") == Language::de);
  CHECK(text::choose_language("", "", "pl") == Language::pl);
  CHECK(text::choose_language("fr es", "", "") == Language::en);
}

TEST_CASE("Accept-Language is weighed") {
  const auto choose = [](std::string_view header) { return text::choose_language("", "", header); };
  CHECK(choose("en;q=0.5, de;q=0.9, pl;q=0.7") == Language::de);
  CHECK(choose("fr, pl ; q=0.3") == Language::pl);
  CHECK(choose("de;q=0, pl;q=0.1") == Language::pl);
  CHECK(choose("de-AT,de;q=0.9,en;q=0.8") == Language::de);
  CHECK(choose("PL") == Language::pl);
  CHECK(choose("de;q=7, pl;q=0.2") == Language::pl);
  CHECK(choose(";;,,=;q=") == Language::en);
  CHECK(choose("*") == Language::en);
  CHECK(choose("deutsch, plx") == Language::en);
}

TEST_CASE("times are written in the language's manner and in the house's time zone") {
  const base::Time t = base::parse_rfc3339("2026-11-21T19:15:00Z").value();
  CHECK(text::format_time(Language::en, t, "Europe/Warsaw") == "21 November 2026, 20:15");
  CHECK(text::format_time(Language::de, t, "Europe/Warsaw") == "21. November 2026, 20:15");
  CHECK(text::format_time(Language::pl, t, "Europe/Warsaw") == "21 listopada 2026, 20:15");
  CHECK(text::format_date(Language::pl, t, "UTC") == "21 listopada 2026");
  CHECK(text::format_clock(Language::de, t, "UTC") == "19:15");
}

TEST_CASE("a day begins at midnight of the time zone, also when clocks change") {
  CHECK(text::find_day("2026-11-21", "Europe/Warsaw") == base::parse_rfc3339("2026-11-20T23:00:00Z").value());
  CHECK(text::find_day("2026-10-25", "Europe/Warsaw", 1) == base::parse_rfc3339("2026-10-25T23:00:00Z").value());
  CHECK_FALSE(text::find_day("2026-02-31", "Europe/Warsaw"));
  CHECK_FALSE(text::find_day("2026-2-3", "Europe/Warsaw"));
  CHECK_FALSE(text::find_day("yesterday!", "Europe/Warsaw"));
}
