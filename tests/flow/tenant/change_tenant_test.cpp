// Name and look of the house: who may change them, what is recorded, which logos are taken.
#include "flow/tenant/change_tenant.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "flow/password_fixture.hpp"
#include "flow/tenant/check_logo.hpp"
#include "places.hpp"
#include "store/tenant/tenants.hpp"

using Fixture = testing::PasswordFixture;

namespace {

std::string svg(const std::string& inside) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\">" + inside + "</svg>";
}

store::Tenant tenant(Fixture& f) {
  return f.store->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value();
}

}  // namespace

TEST_CASE("only a super administrator changes the look of the house, and each change is in the audit log") {
  Fixture f;
  f.add_account("anna.kowalska", Fixture::right);
  const auto visitor = f.visitor(f.log_in(Fixture::right)->session_cookie);
  REQUIRE(visitor.actor);
  flow::TenantWish wish;
  wish.name = "Clinic";
  wish.accent = "#0b5cad";
  wish.logo_svg = svg("<path d='M0 0'/>");
  CHECK(flow::change_tenant(*f.house, *visitor.actor, "", wish, f.facts()).error().code == base::Code::denied);
  CHECK(flow::find_tenant_look(*f.house, *visitor.actor, "").error().code == base::Code::denied);
  CHECK(tenant(f).name == "Chancery");

  CHECK(flow::change_tenant(*f.house, Fixture::operator_actor(), "", wish, f.facts()).value());
  REQUIRE(f.events("tenant_change").size() == 1);
  const std::string data = f.events("tenant_change")[0].data;
  CHECK(data.find("\"accent\":\"#0b5cad\"") != std::string::npos);
  CHECK(data.find(R"("name":"changed")") != std::string::npos);
  CHECK(data.find(R"("logo":"changed")") != std::string::npos);
  CHECK(data.find("Clinic") == std::string::npos);
  CHECK_FALSE(flow::change_tenant(*f.house, Fixture::operator_actor(), "", wish, f.facts()).value());
  CHECK(f.events("tenant_change").size() == 1);
}

TEST_CASE("what is not named stays, and what is taken away is the product's own again") {
  Fixture f;
  auto before = tenant(f);
  before.settings = R"({"kept":[1],"brand":{"accent":"#112233","accent_dark":"#aabbcc","name":"Bridge"}})";
  CHECK(f.store->write([&](store::Tx& tx) { return store::update_tenant(tx, before); }));
  flow::TenantWish wish;
  wish.accent = "";
  CHECK(flow::change_tenant(*f.house, Fixture::operator_actor(), "", wish, f.facts()).value());
  const auto look = flow::find_tenant_look(*f.house, Fixture::operator_actor(), "").value();
  CHECK(look.brand.accent.empty());
  CHECK(look.brand.accent_dark == "#aabbcc");
  CHECK(look.brand_name == "Bridge");
  CHECK(look.brand.name == "Bridge");
  CHECK(look.name == "Chancery");
  CHECK(tenant(f).settings.find("\"kept\":[1]") != std::string::npos);
  wish = {};
  wish.brand_name = "";
  CHECK(flow::change_tenant(*f.house, Fixture::operator_actor(), "", wish, f.facts()).value());
  CHECK(flow::find_brand(*f.house, {}).value().name == "Chancery");
}

TEST_CASE(
    "a tenant below another one has its own name, and the colours and the logo of the one above until it has some") {
  Fixture f;
  const rights::Actor by = Fixture::operator_actor();
  flow::TenantWish wish;
  wish.accent = "#112233";
  wish.logo_svg = svg("<path d='M0 0'/>");
  REQUIRE(flow::change_tenant(*f.house, by, "", wish, f.facts()));
  const base::Id clinic = flow::create_tenant(*f.house, by, {"clinic", ""}, {.name = "Clinic"}, f.facts()).value();
  const base::Id ward = flow::create_tenant(*f.house, by, {"ward", "clinic"}, {.name = "Ward"}, f.facts()).value();
  const auto brand = [&](const base::Id& id) { return flow::find_brand(*f.house, id).value(); };
  CHECK(brand(ward).name == "Ward");
  CHECK(brand(ward).accent == "#112233");
  CHECK(brand(ward).logo_svg == wish.logo_svg);
  CHECK(brand(ward).tenant_id == ward);
  CHECK_FALSE(brand({}).tenant_id);
  // The colours of both schemes belong together: none of them is mixed with those of another tenant.
  flow::TenantWish dark;
  dark.accent_dark = "#aabbcc";
  const std::int64_t before = brand(ward).version;
  REQUIRE(flow::change_tenant(*f.house, by, "clinic", dark, f.facts()));
  CHECK(brand(ward).accent.empty());
  CHECK(brand(ward).accent_dark == "#aabbcc");
  CHECK(brand(ward).version != before);
  CHECK(brand(clinic).logo_svg == wish.logo_svg);
  CHECK(brand(base::Id::make(f.now)).name == "Chancery");
}

TEST_CASE("a logo is an SVG image that stands by itself") {
  for (const std::string& fine :
       {svg("<path d='M0 0'/>"),
        "\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- a -->" + svg("<title>Klinika nad Rzeką</title>"),
        svg("<use xlink:href = '#a'/><path fill=\"url(#b)\"/><image href=\"data:image/png;base64,iVBO\"/>"),
        svg("<text>once upon a time = one &amp; two</text>"),
        svg("<style><![CDATA[.a{fill:url( '#b' )}]]></style><g class='a' aria-label='x' data-name='y'/>")}) {
    CHECK_MESSAGE(flow::check_logo(fine), fine);
  }
  for (const std::string& wrong :
       {std::string(), std::string("hello"), std::string("<html></html>"), std::string("<svg></svg>"),
        std::string("<!-- <svg xmlns=\"http://www.w3.org/2000/svg\">"),
        std::string("<svg xmlns=\"http://www.w3.org/2000/svg\">"), svg("\xff"), svg("<script/>"),
        svg("<path onload='x()'/>"), svg("<path\nonClick ='x()'/>"), svg("<path d=''/onload='x()'/>"),
        svg("<image href='https://elsewhere.example/a.png'/>"), svg("<image xlink:href=' //elsewhere.example'/>"),
        svg("<style>@import 'a.css';</style>"), svg("<path fill='url(https://elsewhere.example)'/>"),
        "<!DOCTYPE svg>" + svg(""), svg("<foreignObject/>"), svg("<a href='JavaScript:x()'/>"),
        // A prefix, a reference to a character and an escape of CSS: other spellings of what is refused.
        std::string("<svg xmlns=\"http://www.w3.org/2000/svg\" "
                    "xmlns:s=\"http://www.w3.org/2000/svg\"><s:script>x()</s:script></svg>"),
        svg("<s:script xmlns:s='http://www.w3.org/2000/svg'/>"), svg("<a href='java&#115;cript:x()'><path/></a>"),
        svg("<use href='java&#115;cript:x()'/>"), svg("<path fill='&#117;rl(//elsewhere.example)'/>"),
        svg("<path style='fill:u\\72l(//elsewhere.example/a)'/>"),
        svg("<style>path{fill:u\\72l(//elsewhere.example/a)}</style>"),
        svg("<style>path{fill:u<!-- -->rl(//elsewhere.example/a)}</style>"),
        svg("<style>path{fill:u<![CDATA[rl(//elsewhere.example/a)]]>}</style>"),
        svg("<style>path{fill:image-set('//elsewhere.example/a' 1x)}</style>"), svg("<path s:onload='x()'/>"),
        svg("<use s:href='//elsewhere.example'/>"), svg("<g xmlns='http://www.w3.org/1999/xhtml'/>"),
        svg("<set attributeName='href' to='javascript:x()'/>"), svg("<image href='data:image/svg+xml;base64,PHN2'/>"),
        svg("&own;"), svg("<?xml-stylesheet href='a.css'?>"), svg("<g>"), svg("</g>"), svg("") + svg(""),
        svg("<path d='M0 0' d='M1 1'/>"), svg("<path d=M0/>"), svg("<path d='<'/>"),
        svg(std::string(flow::largest_logo, ' '))}) {
    const auto checked = flow::check_logo(wrong);
    REQUIRE_MESSAGE(!checked, wrong);
    CHECK(checked.error().code == base::Code::invalid_input);
  }
}

TEST_CASE("the product's own pictures are fine as logos") {
  for (const char* path : {"/src/web/assets/mark.svg", "/src/web/assets/arches.svg", "/demo/assets/icon.svg"}) {
    std::ifstream file(testing::source_folder + path, std::ios::binary);
    REQUIRE_MESSAGE(file, path);
    const std::string octets((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const auto checked = flow::check_logo(octets);
    CHECK_MESSAGE(checked, path << ": " << (checked ? "" : base::describe(checked.error())));
  }
}
