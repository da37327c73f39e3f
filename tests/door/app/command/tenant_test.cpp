// The look of the house as its operator sets it, and as the pages show it.
#include <algorithm>
#include <csignal>
#include <optional>

#include "door/app/site.hpp"
#include "door/raw_client.hpp"

namespace {

using door::has;
using door::Site;

constexpr const char* logo = R"(<?xml version="1.0"?>
<!-- a bridge --><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><defs><path id="a" d="M0 8a4 4 0 0 1 8 0"/></defs><use href="#a"/></svg>
)";

std::ptrdiff_t changes(const Site& site) {
  const std::string exported = site.run({"audit", "export"}).out;
  std::ptrdiff_t count = 0;
  for (std::size_t at = exported.find("\"tenant_change\""); at != std::string::npos;
       at = exported.find("\"tenant_change\"", at + 1))
    ++count;
  return count;
}

}  // namespace

TEST_CASE("name, colours and logo of the house are set with and without a running server, and the pages show them") {
  const Site site;
  {
    const door::ServerProcess first(site.config, site.log);
    REQUIRE(first.is_ready());
  }
  const std::string file = site.folder.write("logo.svg", logo);
  for (const bool running : {false, true}) {
    INFO(running);
    std::optional<door::ServerProcess> server;
    if (running) {
      server.emplace(site.config, site.log);
      REQUIRE(server->is_ready());
    }
    const auto set =
        site.run({"tenant", "set", "--name", "Klinika nad Rzeką", "--accent", "#FFE14D", "--logo-file", file});
    INFO(set.err);
    CHECK(set.status == 0);
    CHECK(has(set.out, "words in #ffe14d could not be read on light pages: they show #"));
    const auto shown = site.read({"tenant", "show"});
    CHECK(shown.at("name").as_string() == "Klinika nad Rzeką");
    CHECK(shown.at("accent").as_string() == "#ffe14d");
    CHECK(shown.at("accent_shown").as_string() != "#ffe14d");
    CHECK(shown.at("accent_dark_shown").as_string() == "#ffe14d");
    CHECK(shown.at("logo_octets").as_int64() == static_cast<std::int64_t>(std::string_view(logo).size()));
    CHECK(changes(site) == (running ? 3 : 1));
    CHECK(has(site.run({"tenant", "set", "--accent", "#FFE14D"}).out, "nothing is different"));
    CHECK(changes(site) == (running ? 3 : 1));
    if (running) {
      door::Browser browser(server->port());
      const auto page = browser.get("/");
      CHECK(has(page.body, "Klinika nad Rzeką</title>"));
      CHECK(has(page.body, "<img class=\"logo\" src=\"/theme/logo.svg\""));
      const auto theme = page.body.find("/theme/", page.body.find("rel=\"stylesheet\" href=\"/theme/"));
      REQUIRE(theme != std::string::npos);
      CHECK(has(browser.get(page.body.substr(theme, page.body.find('"', theme) - theme)).body, "--accent:#ffe14d"));
      const auto image = browser.get("/theme/logo.svg");
      CHECK(image.body == logo);
      CHECK(image.header("content-type") == "image/svg+xml; charset=utf-8");
    } else {
      const auto back = site.run({"tenant", "set", "--name", "Chancery", "--no-accent", "--no-logo"});
      CHECK(back.status == 0);
      CHECK(has(site.run({"tenant", "show"}).out, "accent: the product's own\n"));
      CHECK(has(site.run({"tenant", "show"}).out, "logo_octets: the product's own\n"));
    }
  }
}

TEST_CASE("a colour, name or logo that cannot be used is refused with a sentence, and nothing is changed") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  const std::string before = site.run({"tenant", "show"}).out;
  const auto refuses = [&](const std::vector<std::string>& arguments, std::string_view sentence, int status = 1) {
    std::vector<std::string> command{"tenant", "set"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const auto finished = site.run(command);
    CHECK_MESSAGE(finished.status == status, sentence);
    CHECK_MESSAGE(has(finished.err, sentence), finished.err);
  };
  const auto dark = site.run({"tenant", "set", "--accent", "#0b2f6b", "--brand-name", "Bridge"});
  CHECK(has(dark.out, "on dark pages: they show #"));
  CHECK_FALSE(has(dark.out, "on light pages"));
  CHECK(site.run({"tenant", "set", "--no-accent", "--no-brand-name"}).status == 0);
  CHECK(site.run({"tenant", "show"}).out == before);
  refuses({}, "name what to change", 2);
  refuses({"--accent", "#0b5cad", "--no-accent"}, "excludes", 2);
  refuses({"--accent", "blue"}, "\"blue\" is not a colour; write it like #0b5cad");
  refuses({"--accent", "#0b5"}, "is not a colour");
  refuses({"--accent-dark", "#0b5cag"}, "is not a colour");
  refuses({"--acting-told", "perhaps"}, "acting_told: yes, no");
  refuses({"--name", " "}, "1 to 100 characters in one line");
  refuses({"--name", std::string(101, 'n')}, "name: 1 to 100");
  refuses({"--brand-name", "two\nlines"}, "brand_name: 1 to 100");
  refuses({"--logo-file", site.folder / "none.svg"}, "cannot be read");
  refuses({"--logo-file", site.folder.write("empty.svg", "")}, "is empty");
  refuses({"--logo-file", site.folder.write("huge.svg", std::string(300'000, ' '))}, "is larger than 256 KiB");
  refuses({"--logo-file", site.folder.write("large.svg", std::string(65'537, ' '))},
          "has 65537 octets; at most 65536 are taken");
  refuses({"--logo-file", site.folder.write("logo.png", "\x89PNG\r\n\x1a\n")}, "is not an SVG image");
  refuses(
      {"--logo-file",
       site.folder.write("script.svg", R"(<svg xmlns="http://www.w3.org/2000/svg"><SCRIPT>alert(1)</SCRIPT></svg>)")},
      "contains <SCRIPT>");
  CHECK(site.run({"tenant", "show"}).out == before);
  CHECK(changes(site) == 2);
}

TEST_CASE("a tenant is deleted by its key, once nothing is left in it, and what is left is named until then") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  REQUIRE(site.run({"tenant", "create", "clinic", "--name", "Clinic"}).status == 0);
  REQUIRE(site.run({"tenant", "create", "ward", "--parent", "clinic", "--name", "Ward"}).status == 0);
  const auto refused = site.run({"tenant", "delete", "clinic"});
  CHECK(refused.status == 1);
  CHECK_MESSAGE(has(refused.err, "something is left in the tenant: tenant Ward"), refused.err);
  CHECK(has(site.run({"tenant", "delete", "main"}).err, "the first tenant is never deleted"));
  const auto unknown = site.run({"tenant", "delete", "clinc"});
  CHECK(unknown.status == 1);
  CHECK_MESSAGE(has(unknown.err, "clinic"), unknown.err);
  CHECK(site.run({"tenant", "delete"}).status == 2);
  CHECK(site.read({"tenant", "delete", "ward"}).at("changed").as_bool());
  CHECK(has(site.run({"tenant", "delete", "clinic"}).out, "the tenant clinic was deleted"));
  CHECK(site.run({"tenant", "show", "clinic"}).status == 1);
  CHECK(site.read({"tenant", "list"}).as_array().size() == 1);
  CHECK(has(site.run({"audit", "export"}).out, "tenant_delete"));
  CHECK(site.run({"audit", "verify"}).status == 0);
}
