#include "web/page/template.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace {

std::string render(std::string_view source, const web::View& view, text::Language language = text::Language::en) {
  const web::Template::Sources sources{
      [&](std::string_view name) {
        return name == "page" ? source : name == "part" ? "[{{name}}]" : std::string_view();
      },
      [](std::string_view name) { return name == "a.css" ? std::string("/assets/a.1.css") : std::string(); }};
  return web::Template::make("page", sources, language).render(view);
}

}  // namespace

TEST_CASE("what is shown cannot leave its place in text or attribute") {
  web::View view;
  view.text("name", R"("><script>alert('1')</script>&)");
  CHECK(render(R"(<input value="{{name}}">)", view) ==
        R"(<input value="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;">)");
}

TEST_CASE("there is no way to show something unescaped") {
  CHECK_THROWS_AS(render("{{{name}}}", {}), std::logic_error);
  CHECK_THROWS_AS(render("{{&name}}", {}), std::logic_error);
}

TEST_CASE("sections show lists, flags and texts that are there") {
  web::View view;
  view.add("people").text("name", "Anna").flag("first", true);
  view.add("people").text("name", "Jan").flag("first", false);
  view.flag("yes").flag("no", false).text("empty", "").text("full", "x");
  CHECK(render("{{#people}}{{#first}}*{{/first}}{{name}};{{/people}}", view) == "*Anna;Jan;");
  CHECK(render("{{#yes}}a{{/yes}}{{^yes}}b{{/yes}}{{#no}}c{{/no}}{{^no}}d{{/no}}", view) == "ad");
  CHECK(render("{{#empty}}a{{/empty}}{{#full}}{{full}}{{/full}}{{^gone}}z{{/gone}}", view) == "xz");
}

TEST_CASE("parts, sentences and assets are put in when the template is made") {
  web::View view;
  view.text("name", "N").text("client", "Portal & <Co>");
  CHECK(render("{{>part}} {{t login.to_client}} {{asset a.css}}", view, text::Language::de) ==
        "[N] weiter zu Portal &amp; &lt;Co&gt; /assets/a.1.css");
}

TEST_CASE("a broken template is refused at start") {
  for (const char* source : {"{{#a}}x", "{{/a}}", "{{#a}}{{/b}}", "{{a", "{{}}", "{{>none}}", "{{t no.such}}",
                             "{{>page}}", "{{asset no.css}}", "{{a b}}", "{{t home.failures}}"}) {
    CHECK_THROWS_AS(render(source, {}), std::logic_error);
  }
}

TEST_CASE("indentation of the source does not travel") {
  CHECK(render("  <p>\n\n    {{#yes}}\n  a b\n  {{/yes}}\n  </p>\n", web::View().flag("yes")) == "<p>\na b\n</p>\n");
}

TEST_CASE("a long number stands in groups of four, and who copies it gets no blanks") {
  web::View view;
  view.text("number", "0123456789").text("odd", "<b>12").text("none", "");
  CHECK(render("{{groups number}}", view) == "<span>0123</span><wbr><span>4567</span><wbr><span>89</span>");
  CHECK(render("{{groups odd}}", view) == "<span>&lt;b&gt;1</span><wbr><span>2</span>");
  CHECK(render("[{{groups none}}{{groups gone}}]", view) == "[]");
}

TEST_CASE("a mail address breaks before its sign and its dots, nowhere else, and is escaped like everything") {
  web::View view;
  view.text("to", "anna.kowalska@clinic.example")
      .text("odd", "an.odd.<b>@one.example")
      .text("short", "jan.nowak")
      .text("none", "");
  CHECK(render("{{address to}}", view) == "anna<wbr>.kowalska<wbr>@clinic<wbr>.example");
  CHECK(render("{{address odd}}", view) == "an<wbr>.odd<wbr>.&lt;b&gt;<wbr>@one<wbr>.example");
  CHECK(render("{{address short}}", view) == "jan.nowak");
  CHECK(render("[{{address none}}{{address gone}}]", view) == "[]");
}
