#include "identity/password/password_flaws.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "identity/password/common_passwords.hpp"
#include "identity/password/password_strength.hpp"
#include "identity/spelling/comparison_form.hpp"
#include "seeded.hpp"

using namespace identity;
using Kind = PasswordFlaw::Kind;

namespace {

std::vector<Kind> kinds(std::string_view password, const PasswordPolicy& policy, const PasswordFacts& facts = {}) {
  std::vector<Kind> found;
  for (const PasswordFlaw& flaw : find_flaws(password, policy, facts)) found.push_back(flaw.kind);
  return found;
}

bool has(Kind kind, std::string_view password, const PasswordPolicy& policy, const PasswordFacts& facts = {}) {
  const auto found = kinds(password, policy, facts);
  return std::find(found.begin(), found.end(), kind) != found.end();
}

PasswordPolicy strict_words() {
  PasswordPolicy policy;
  policy.name = "words";
  policy.min_length = policy.min_length_with_second_factor = 1;
  policy.forbid_login = policy.forbid_email = policy.forbid_names = true;
  return policy;
}

const PasswordFacts anna{"akowalska", "anna.kowalska+praca@example.org", {"Anna Maria", "Nowak-Kowalska"}, {}, false,
                         false};

}  // namespace

TEST_CASE("all flaws are told at once, with their numbers") {
  PasswordPolicy policy = classic();
  policy.least_score = 3;
  const auto flaws = find_flaws("aNN", policy, {"nna", "", {}, {}, false, true});
  CHECK(flaws == std::vector<PasswordFlaw>{{Kind::too_short, 8, 3},
                                           {Kind::too_few_classes, 3, 2},
                                           {Kind::contains_login, 0, 0},
                                           {Kind::used_before, 0, 0},
                                           {Kind::too_easily_guessed, 3, 0}});
}

TEST_CASE("the classic policy accepts and refuses what the manuals say") {
  const PasswordPolicy policy = classic();
  for (const char* good : {"Vrkzwth1", "vrkzwt1!", "VRKZWT1!", "Vrkzwth!", "Zażółć1x", "Ääääääß1", "vrkzwt1😀"}) {
    CHECK_MESSAGE(kinds(good, policy, anna).empty(), good);
  }
  CHECK(kinds("Abcdef1", policy, anna) == std::vector{Kind::too_short});
  CHECK(kinds("vrkzwth1", policy, anna) == std::vector{Kind::too_few_classes});
  CHECK(kinds("xAKowalska1", policy, anna) == std::vector{Kind::contains_login, Kind::contains_name});
  CHECK(kinds("1jKerP-tset!", policy, {"test-prek", "", {}, {}, false, false, false}) ==
        std::vector{Kind::contains_login});
  CHECK(kinds("", policy, anna) == std::vector{Kind::too_short, Kind::too_few_classes});
}

TEST_CASE("letters of all scripts have their class") {
  CHECK(count_classes("") == 0);
  CHECK(count_classes("Ä") == 1);
  CHECK(count_classes("ß") == 1);
  CHECK(count_classes("Äß") == 2);
  CHECK(count_classes("İı") == 2);
  CHECK(count_classes("żŁ7") == 3);
  CHECK(count_classes("Жж") == 2);
  CHECK(count_classes("ẞß") == 2);
  CHECK(count_classes("٣") == 1);
  CHECK(count_classes("٣7") == 1);
  CHECK(count_classes("😀 !") == 1);
  CHECK(count_classes("日本") == 1);
  CHECK(count_classes("a日") == 2);
  CHECK(count_classes("ǅ") == 1);                    // a title-case letter counts as a capital
  CHECK(count_classes("a\u0301") == 1);              // a combining mark belongs to its letter
  CHECK(count_classes("x\u0338") == 1);              // also if no composed letter exists
  CHECK(count_classes("a\u200B\u200D\uFE0F") == 1);  // invisible characters are no class
}

TEST_CASE("length is counted in the characters that a person sees") {
  CHECK(count_visible("zażółć") == 6);
  CHECK(count_visible("zaz\u0307o\u0301łc\u0301") == 6);
  CHECK(count_visible("😀😀") == 2);
  CHECK(count_visible("a\u200B\u200B\u200B\u200B\u200B\u200B\u200B") == 1);
  CHECK(has(Kind::too_short, "Ab1\u200B\u200B\u200B\u200B\u200B\u200B\u200B", classic()));
  CHECK(count_visible("👨\u200D👩\u200D👧") == 3);
}

TEST_CASE("a password has at most 128 code points, and a longer one is not even decoded") {
  std::string password;
  for (int i = 0; i < 128; ++i) password += "😀";
  CHECK_FALSE(has(Kind::too_long, password, classic()));
  CHECK(find_flaws(password + "x", classic(), {}) == std::vector<PasswordFlaw>{{Kind::too_long, 128, 129}});
  // \xff is no octet of UTF-8, so decoding would fail.
  CHECK(kinds("\xff", nist_800_63b()) == std::vector{Kind::not_text});
  CHECK(kinds(std::string(50'000'000, 'a') + "\xff", nist_800_63b()) == std::vector{Kind::too_long});
}

TEST_CASE("what cannot be typed or read is refused") {
  CHECK(kinds("abc\xff", classic()) == std::vector{Kind::not_text});
  CHECK(kinds("\xed\xa0\x80", classic()) == std::vector{Kind::not_text});
  CHECK(has(Kind::control_character, "Abcdefg1\n", classic()));
  CHECK(has(Kind::control_character, std::string_view("Abcdefg1\0x", 10), classic()));
  CHECK(has(Kind::control_character, "Abcdefg1\u0085", classic()));
  CHECK_FALSE(has(Kind::control_character, "Abcdefg1 😀 \u00A0", classic()));
}

TEST_CASE("the login is found in a password in every disguise, forwards and backwards") {
  const PasswordPolicy policy = strict_words();
  const PasswordFacts facts{"İsmail.Weiß", "", {}, {}, false, false};
  for (const char* bad : {"xismail.weissx", "ISMAIL.WEISS", "İSMAİL.WEIẞ", "ismail.weiß", "ｉｓｍａｉｌ．ｗｅｉｓｓ",
                          "ssiew.liamsi", "ßiew.liamsi", "SSIEW.LIAMSI1", "is\u200Bmail.we\u00ADiss",
                          "i\u0307smail.weiss", "ísmäil.weiss", "ⓘsmail.weiss", "is\U000E0061mail.weiss"}) {
    CHECK_MESSAGE(has(Kind::contains_login, bad, policy, facts), bad);
  }
  for (const char* good : {"ismail", "weiss", "ismailweiss", "liamsi", ""}) {
    CHECK_MESSAGE(!has(Kind::contains_login, good, policy, facts), good);
  }
}

TEST_CASE("the short ID of a client system is found as well, while short parts of names are allowed") {
  const PasswordPolicy policy = strict_words();
  const PasswordFacts facts{"Z1", "li@example.org", {"Li Wu"}, {}, false, false};
  for (const char* bad : {"Z1-Basalt-Orchid", "orchid1zbasalt", "Basalt-z1"}) {
    CHECK_MESSAGE(kinds(bad, policy, facts) == std::vector{Kind::contains_login}, bad);
  }
  CHECK(kinds("Z-1-lively-Wuthering", policy, facts).empty());
}

TEST_CASE("whatever the login and whatever surrounds it, it is found in both directions") {
  Seeded random;
  const std::string_view letters[] = {"a", "B", "ż", "Ł", "ß", "İ", "ﬁ", "1", "_", "Ж", "日", "ö", "😀"};
  PasswordPolicy policy = strict_words();
  for (int i = 0; i < 2000; ++i) {
    const std::string login = random.some_of(letters, static_cast<std::size_t>(random.number(3, 8)));
    const std::string before = random.some_of(letters, static_cast<std::size_t>(random.number(0, 5)));
    const std::string after = random.some_of(letters, static_cast<std::size_t>(random.number(0, 5)));
    const PasswordFacts facts{login, "", {}, {}, false, false};
    CHECK_MESSAGE(has(Kind::contains_login, before + login + after, policy, facts), login);
    CHECK_MESSAGE(has(Kind::contains_login, before + comparison_form(login) + after, policy, facts), login);
    CHECK_MESSAGE(has(Kind::contains_login, before + reversed(comparison_form(login)) + after, policy, facts), login);
  }
}

TEST_CASE("parts of the e-mail address and of names are found, short ones are not asked") {
  const PasswordPolicy policy = strict_words();
  CHECK(has(Kind::contains_email, "my-KOWALSKA-pw", policy, anna));
  CHECK(has(Kind::contains_email, "xx praca xx", policy, anna));
  CHECK_FALSE(has(Kind::contains_email, "my example.org", policy, anna));
  CHECK(has(Kind::contains_name, "airam!", policy, anna));
  CHECK(has(Kind::contains_name, "NOWAK77", policy, anna));
  CHECK_FALSE(has(Kind::contains_name, "kowal7", policy, anna));
  const PasswordFacts li{"", "", {"Li Wu"}, {}, false, false};
  CHECK(kinds("light wuthering", policy, li).empty());
  CHECK(has(Kind::contains_name, "li wu", policy, li));
  CHECK(kinds("any thing else", policy, {}).empty());  // without facts there is nothing to find
}

TEST_CASE("an earlier password is refused as long as the history goes") {
  PasswordFacts facts;
  facts.used_before = true;
  CHECK(has(Kind::used_before, "Vrkzwth1", classic(), facts));
  PasswordPolicy policy = classic();
  policy.history = 5;
  CHECK(find_flaws("Vrkzwth1", policy, facts) == std::vector<PasswordFlaw>{{Kind::used_before, 5, 0}});
  policy.history = 0;
  CHECK(kinds("Vrkzwth1", policy, facts).empty());
}

TEST_CASE("common passwords are known in every case, in three languages, and with a year after them") {
  for (const char* bad :
       {"password", "PASSWORD", "Passw0rd", "hasło123", "Haslo1234", "misiek123", "zaq12wsx", "qwertz123", "Passwort!",
        "schatzi1", "Fußball1", "FUSSBALL", "ｐａｓｓｗｏｒｄ", "pass\u200Bword", "Sonnenschein2024", "Kochanie!1"}) {
    CHECK_MESSAGE(is_common_password(bad), bad);
  }
  for (const char* good : {"", "1", "x", "correct horse battery", "Hkm7-Rtw3-Bxa9-Qwe4", "zielony parasol w deszczu"}) {
    CHECK_MESSAGE(!is_common_password(good), good);
  }
}

TEST_CASE("the lists hold passwords of a policy's length and nothing of their comments") {
  const auto listed = identity::list_common_passwords();
  std::map<std::string_view, int> times;
  std::ptrdiff_t of_eight = 0;
  for (const auto password : listed) {
    CHECK_MESSAGE(password.find_first_of(" \t\r") == std::string_view::npos, password);
    CHECK_MESSAGE(++times[password] == 1, password);
    of_eight += password.size() >= 8 ? 1 : 0;
  }
  CHECK(of_eight >= 3000);
  CHECK(listed.size() == times.size());
  for (const char* word : {"password", "iloveyou"}) CHECK(times.contains(word));
  CHECK_FALSE(times.contains("#"));
}

TEST_CASE("in every preset the names of the product, the installation, the login and the person are refused") {
  const PasswordFacts here{"jdoe", "",   {"Jan", "Nowak"}, {"Chancery", "Przychodnia dla Dzieci Pod Lipami"}, false,
                           false,  false};
  for (const PasswordPolicy& policy : {classic(), nist_800_63b()}) {
    INFO(policy.name);
    for (const char* bad : {"Chancery-login-2031", "yrecnahC-login-2031", "my-CHANCERY-9-words", "Pod-Lipami-2031-xyz",
                            "w-przychodni-Przychodnia-7"}) {
      CHECK_MESSAGE(has(Kind::contains_service, bad, policy, here), bad);
    }
    CHECK(has(Kind::contains_login, "jdoe-Vw7-kq2-pX9-mm", policy, here));
    CHECK(has(Kind::contains_name, "Nowak-Vw7-kq2-pX9-mm", policy, here));
    // A short word of a name is in too many sentences.
    CHECK_FALSE(has(Kind::contains_service, "Pod-dla-Vw7-kq2-pX9-mm", policy, here));
    CHECK(kinds("Vw7-kq2-pX9-mm-Uz4", policy, here).empty());
  }
}

TEST_CASE("in every preset the passwords of the list are refused, and those that were stolen") {
  for (const PasswordPolicy& policy : {classic(), nist_800_63b(), PasswordPolicy()}) {
    INFO(policy.name);
    for (const char* bad : {"Password1", "Qwerty123", "Sonnenschein2024", "Kochanie!1"}) {
      CHECK_MESSAGE(has(Kind::too_common, bad, policy), bad);
    }
    PasswordFacts stolen;
    stolen.breached = true;
    CHECK(kinds("Vw7-kq2-pX9-mm-Uz4", policy, stolen) == std::vector{Kind::breached});
  }
}

TEST_CASE("the preset of NIST refuses what an attacker tries and accepts a sentence") {
  const PasswordPolicy policy = nist_800_63b();
  for (const char* bad :
       {"aaaaaaaaaaaaaaa", "123456789012345", "qwertyuiopasdfgh", "passwordpassword", "               ",
        "łłłłłłłłłłłłłłł", "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀", "KowalskaKowalska", "Kowalska2024!!!!", "anna.kowalska1985"}) {
    CHECK_MESSAGE(!kinds(bad, policy, anna).empty(), bad);
  }
  for (const char* good : {"correct horse battery staple", "zielony parasol w deszczu", "drei kalte Enten am Fluss",
                           "Hkm7-Rtw3-Bxa9-Qwe4"}) {
    CHECK_MESSAGE(kinds(good, policy, anna).empty(), good);
  }
  PasswordFacts with_factor = anna;
  with_factor.second_factor_required = true;
  CHECK(kinds("vY7#kq2p", policy, with_factor).empty());
  CHECK(has(Kind::too_short, "vY7#kq2p", policy, anna));
}

TEST_CASE("a name that the attacker knows makes a password weaker, accents do not make it stronger") {
  CHECK(estimate_strength("Kowalska2024!", {"Kowalska"}) < estimate_strength("Kowalska2024!", {}));
  CHECK(estimate_strength("Żółkiewska2024!", {"Żółkiewska"}) < estimate_strength("Żółkiewska2024!", {}));
  CHECK(estimate_strength("pąsswórd", {}) <= estimate_strength("password", {}) + 1);
  CHECK(score_of(0) == 0);
  CHECK(score_of(9.9) == 0);
  CHECK(score_of(10) == 1);
  CHECK(score_of(26) == 2);
  CHECK(score_of(27) == 3);
  CHECK(score_of(34) == 4);
}

TEST_CASE("the estimate looks at the beginning only, because its work grows with the square of the length") {
  Seeded random;
  const std::string_view pieces[] = {"a", "4", "@", "8", "1",  "!",        "$",      "(",
                                     "0", "5", "7", "ą", "日", "password", "qwerty", "1990"};
  const std::vector<std::string> known{"kowalska", "anna"};
  for (int i = 0; i < 100; ++i) {
    const std::string password = random.some_of(pieces, 300);
    const std::string more = random.some_of(pieces, 30);
    CHECK(estimate_strength(password, known) > 0);
    CHECK(estimate_strength(password + more, known) == estimate_strength(password, known));
  }
}

TEST_CASE("no input breaks the judgement, and stricter policies find no fewer flaws") {
  Seeded random;
  PasswordPolicy strict = classic();
  strict.forbid_common = true;
  strict.least_score = 4;
  for (int i = 0; i < 1000; ++i) {
    const std::string password = random.octets(static_cast<std::size_t>(random.number(0, 60)));
    CHECK(find_flaws(password, classic(), anna).size() <= find_flaws(password, strict, anna).size());
  }
}

TEST_CASE("every flaw has a sentence") {
  for (int k = 0; k <= static_cast<int>(Kind::too_easily_guessed); ++k) {
    const Sentence sentence = describe(PasswordFlaw{static_cast<Kind>(k), 8, 3});
    CHECK(sentence.key.starts_with("password_flaw."));
    CHECK(sentence.key.size() > 15);
  }
  CHECK(describe(PasswordFlaw{Kind::used_before, 0, 0}).key == "password_flaw.used_before_ever");
  CHECK(describe(PasswordFlaw{Kind::too_short, 8, 3}).arguments.size() == 2);
}

TEST_CASE("each rule about a new password has its flaws, and rules about its age have none") {
  std::set<Kind> covered;
  PasswordPolicy policy = classic();
  policy.forbid_email = true;
  policy.least_score = 3;
  for (const Sentence& rule : describe(policy)) {
    const bool is_of_age = rule.key == "password_policy.max_age" || rule.key == "password_policy.expired_needs_reset" ||
                           rule.key == "password_policy.reminder";
    const auto kinds = find_kinds_of(rule);
    CHECK_MESSAGE(kinds.empty() == is_of_age, rule.key);
    covered.insert(kinds.begin(), kinds.end());
  }
  // The others speak of passwords that nobody types by mistake, so that only their flaw tells them.
  CHECK(covered.size() == static_cast<std::size_t>(Kind::too_easily_guessed) + 1 - 3);
  for (const Kind kind : {Kind::not_text, Kind::control_character, Kind::too_long}) CHECK_FALSE(covered.contains(kind));
}

TEST_CASE("words of the person make a password weaker") {
  PasswordFacts known;
  known.names = {"Brzezinski"};
  CHECK(rate("Brzezinski-1", known) < rate("Brzezinski-1", {}));
  CHECK(rate("a", {}) == 0);
  CHECK(rate("Granite-Sparrow-Lantern-77", {}) == 4);
}
