// One printer for all answers of commands: lists, objects, changes; for people, for scripts and as JSON.
#include "app/command/print_answer.hpp"

#include <doctest/doctest.h>

namespace {

using app::Console;
using app::ListPrinter;
namespace json = boost::json;

const std::vector<json::object> people{
    {{"login", "anna"}, {"name", "Anna Żółć"}, {"groups", json::array{"nurses", "night"}}, {"locked", false}},
    {{"login", "jan.nowak"}, {"name", ""}, {"groups", json::array{}}, {"locked", true}},
};

std::string list(const app::Form& form, const std::vector<json::object>& rows = people) {
  Console console;
  console.form = form;
  ListPrinter printer(console, {"login", "name", "groups", "locked"});
  for (const json::object& row : rows) printer.add(row);
  CHECK(printer.finish() == app::done);
  return console.out;
}

std::string show(const app::Form& form, const json::object& object, const app::WordsForNothing& nothing = {}) {
  Console console;
  console.form = form;
  CHECK(app::print_object(console, object, nothing) == app::done);
  return console.out;
}

}  // namespace

TEST_CASE("a list for scripts has a header and tabs, and an empty value is an empty cell") {
  CHECK(list({}) == "login\tname\tgroups\tlocked\nanna\tAnna Żółć\tnurses,night\tno\njan.nowak\t\t\tyes\n");
  CHECK(list({.has_header = false}) == "anna\tAnna Żółć\tnurses,night\tno\njan.nowak\t\t\tyes\n");
  CHECK(list({}, {}) == "login\tname\tgroups\tlocked\n");
  CHECK(list({.has_header = false}, {}).empty());
}

TEST_CASE("a list on a terminal has aligned columns, letters beyond ASCII count once, and nothing trails") {
  CHECK(list({.is_terminal = true}) ==
        "LOGIN      NAME       GROUPS         LOCKED\n"
        "anna       Anna Żółć  nurses, night  no\n"
        "jan.nowak  -          -              yes\n");
  CHECK(list({.has_header = false, .is_terminal = true}) ==
        "anna       Anna Żółć  nurses, night  no\n"
        "jan.nowak  -          -              yes\n");
}

TEST_CASE("a list in JSON is an array of whole objects, on a terminal as well") {
  for (const bool is_terminal : {false, true}) {
    const json::value all = json::parse(list({.json = true, .is_terminal = is_terminal}));
    REQUIRE(all.as_array().size() == 2);
    CHECK(all.as_array()[0] == people[0]);
    CHECK(all.as_array()[1] == people[1]);
  }
  CHECK(list({.json = true}, {}) == "[]\n");
}

TEST_CASE("an object has a line for each field; a list in it is JSON for scripts and words for people") {
  const json::object object{{"name", "portal"}, {"scopes", json::array{"openid", "email"}}, {"level", 1}};
  CHECK(show({}, object) == "name: portal\nscopes: [\"openid\",\"email\"]\nlevel: 1\n");
  CHECK(show({.is_terminal = true}, object) == "name:   portal\nscopes: openid, email\nlevel:  1\n");
  CHECK(json::parse(show({.json = true}, object)) == object);
}

TEST_CASE("a field without a value is explained where words are given, never in JSON") {
  const json::object object{{"accent", ""}, {"logo_octets", 0}, {"until", nullptr}};
  const app::WordsForNothing nothing{{"accent", "the product's own"}, {"logo_octets", "none"}};
  CHECK(show({}, object, nothing) == "accent: the product's own\nlogo_octets: none\nuntil: \n");
  CHECK(json::parse(show({.json = true}, object, nothing)) == object);
}

TEST_CASE("control characters and marks of direction of a stored value reach neither terminal nor columns") {
  const json::object row{{"login", "a\tb\nc"}, {"name", "\x1b[2Jgone\x07"}, {"groups", "\xC2\x9Bx"}, {"locked", "ż"}};
  CHECK(list({.has_header = false}, {row}) == "a\\tb\\nc\t\\x1b[2Jgone\\x07\t\\u009bx\tż\n");
  CHECK(show({}, {{"name",
                   "a\xE2\x80\xAE"
                   "b"}}) == "name: a\\u202eb\n");
  CHECK(show({}, {{"name", "two\nlines"}}) == "name: two\\nlines\n");
  CHECK(show({}, {{"names", json::array{"\x1b"}}}).find('\x1b') == std::string::npos);
}

TEST_CASE("a change says in one sentence what was done, and in JSON whether something is different") {
  Console console;
  CHECK(app::report_change(console, "the group nurses was created") == app::done);
  CHECK(console.out == "the group nurses was created\n");
  for (const bool is_changed : {true, false}) {
    Console as_json;
    as_json.form.json = true;
    CHECK(app::report_change(as_json, "client portal was changed", is_changed) == app::done);
    CHECK(json::parse(as_json.out) == json::object{{"changed", is_changed}});
  }
}
