#include "web/administration/below_prefix.hpp"

#include <doctest/doctest.h>

namespace {

std::string below(std::string_view text) {
  return web::lead_below(text, "/administration");
}

}  // namespace

TEST_CASE("addresses of this server get the prefix, in every attribute that holds one") {
  CHECK(below("<a href=\"/admin/systems?x=1\">x</a>") == "<a href=\"/administration/admin/systems?x=1\">x</a>");
  CHECK(below("<form method=\"post\" action=\"/logout\">") ==
        "<form method=\"post\" action=\"/administration/logout\">");
  CHECK(below("<script src=\"/assets/a.js\" defer>") == "<script src=\"/administration/assets/a.js\" defer>");
  CHECK(below("<button formaction=\"/x\">") == "<button formaction=\"/administration/x\">");
  CHECK(below("<form data-check-at=\"/policy/check\">") == "<form data-check-at=\"/administration/policy/check\">");
  CHECK(below("<p id=\"clock\" data-leave-to=\"/logout/expired?next=%2F\">") ==
        "<p id=\"clock\" data-leave-to=\"/administration/logout/expired?next=%2F\">");
  CHECK(below("<div id=\"code-state\" data-look-again=\"/login/factor?method=sms\">") ==
        "<div id=\"code-state\" data-look-again=\"/administration/login/factor?method=sms\">");
  CHECK(below("<meta http-equiv=\"refresh\" content=\"5;url=/account/expiring?next=%2F\">") ==
        "<meta http-equiv=\"refresh\" content=\"5;url=/administration/account/expiring?next=%2F\">");
  CHECK(web::lead_style_below("a { background: url(/theme/x.svg) } b { background: url(\"/theme/y.svg\") }",
                              "/administration") ==
        "a { background: url(/administration/theme/x.svg) } b { background: url(\"/administration/theme/y.svg\") }");
}

TEST_CASE("other servers, relative addresses, values and words stay as they are") {
  for (const char* same : {"<a href=\"https://example.org/x\">", "<a href=\"//example.org/x\">", "<a href=\"x/y\">",
                           "<a href=\"?lang=de\">", "<a href=\"#main\">", "<input name=\"next\" value=\"/account\">",
                           "<p>1/2 and /account</p>", "</p>", "/", "//", "<p data-xhref=\"/x\">", "", "<br/>"}) {
    CAPTURE(same);
    CHECK(below(same) == same);
  }
}

TEST_CASE("what people have written stays as it is, also if it looks like an address of a page") {
  for (const char* same :
       {"<td>url(/etc/passwd)</td>", "<td>5;url=/account</td>", "<p title=\"5;url=/account\">x</p>",
        "<input value=\"url(/x)\">", "<p> href=&quot;/account</p>", "<input name=\"q\" value=\" href=&quot;/x\">",
        "<meta http-equiv=\"refresh\" content=\"5\" title=\";url=/x\">", "<td>a href=\"/x\"</td>"}) {
    CAPTURE(same);
    CHECK(below(same) == same);
  }
}

TEST_CASE("a page that reloads itself by a header stays below the prefix") {
  http::Response page = http::Response::html("<p>");
  page.add("Refresh", "5; url=/admin/accounts/act/1");
  CHECK(web::lead_below(page, "/administration").headers.back().value == "5; url=/administration/admin/accounts/act/1");
}

TEST_CASE("a redirect stays below the prefix, and one to another server goes there") {
  const auto led = [](std::string to) {
    return web::lead_below(http::Response::redirect(std::move(to)), "/administration").headers.front().value;
  };
  CHECK(led("/login?attempt=1") == "/administration/login?attempt=1");
  CHECK(led("https://example.org/x") == "https://example.org/x");
  CHECK(led("//example.org/x") == "//example.org/x");
}

TEST_CASE("a page below the prefix runs as the page itself: its path has no prefix, and a file stays as it is") {
  http::Route page;
  page.pattern = "/admin/systems";
  page.handler = [](const http::Request& inner) {
    CHECK(inner.path == "/admin/systems");
    CHECK(inner.prefix == "/administration");
    return http::Response::html("<a href=\"/account\">");
  };
  const http::Route put = web::put_below(page, web::administration);
  CHECK(put.pattern == "/administration/admin/systems");
  CHECK(put.roles.has(http::Role::connector));
  CHECK_FALSE(put.roles.has(http::Role::ordinary));
  http::Request request;
  request.path = "/administration/admin/systems";
  CHECK(put.handler(request).body == "<a href=\"/administration/account\">");

  page.handler = [](const http::Request& inner) {
    CHECK(inner.path == "/");
    http::Response response = http::Response::json("{\"a\":\"/account\"}");
    return response;
  };
  page.pattern = "/";
  const http::Route home = web::put_below(page, web::administration);
  CHECK(home.pattern == "/administration");
  request.path = "/administration";
  CHECK(home.handler(request).body == "{\"a\":\"/account\"}");
}
