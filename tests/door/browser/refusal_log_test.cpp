// The number on an error page is a request id. It leads to one line in the server's log, which says what was received.
#include <doctest/doctest.h>

#include <csignal>
#include <vector>

#include "door/app/site.hpp"
#include "door/raw_client.hpp"
#include "store/postgres.hpp"

namespace {

using door::Browser;
using door::has;
using door::Reply;
using door::Site;

struct Expected {
  std::string number;
  std::vector<std::string> words;
};

/// The reply shows its number; the log shall have a line with these words.
Expected expect(const Reply& reply, int status, std::vector<std::string> words) {
  CHECK(reply.status == status);
  std::string number = reply.header("x-request-id");
  // A page shows it in groups, an answer for programs as it is.
  CHECK_MESSAGE((has(reply.body, door::in_groups(number)) || has(reply.body, number)), reply.body);
  words.push_back("\"status\":\"" + std::to_string(status) + "\"");
  return {std::move(number), std::move(words)};
}

std::vector<std::string> lines_with(const std::string& log, const std::string& number) {
  std::vector<std::string> found;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    if (has(line, number)) found.push_back(line);
  }
  return found;
}

void log_in(Browser& browser) {
  const auto form = browser.get("/login").form("/login/password");
  const Reply done = browser.follow(browser.submit(form, {{"login", "jan.nowak"}, {"password", "Meadow-Violet-2026"}}));
  REQUIRE(done.status == 200);
}

}  // namespace

TEST_CASE("the number on an error page leads to one line in the log, which says what was received, without secrets") {
  const Site site;
  door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  site.create("jan.nowak");
  REQUIRE(site.run({"client", "create", "my-app", "--name", "My application", "--redirect-uri",
                    "https://my-app.example.org/callback"})
              .status == 0);
  std::vector<Expected> all;
  Browser browser(server.port());

  all.push_back(expect(browser.get("/nonsense?token=secret-1"), 404, {"\"GET\"", "/nonsense"}));
  all.push_back(expect(browser.get("/oauth2/authorize"), 400, {"client_id is missing"}));
  all.push_back(expect(browser.get("/oauth2/authorize?client_id=your-app"), 400, {"your-app", "is not registered"}));
  all.push_back(expect(browser.get("/oauth2/authorize?client_id=my-app"), 400, {"my-app", "redirect_uri is missing"}));
  all.push_back(expect(
      browser.get(
          "/oauth2/authorize?client_id=my-app&redirect_uri=https%3A%2F%2Fmy-app.example.org%2Fcb%3Fx%3Dsecret-2"),
      400,
      {"my-app", "https://my-app.example.org/cb?", "path, query differs from the registered",
       "https://my-app.example.org/callback"}));
  all.push_back(
      expect(browser.get("/oauth2/logout?client_id=nobody&id_token_hint=secret-3"), 400, {"is not registered"}));
  all.push_back(expect(browser.get("/oauth2/authorize?attempt=x"), 400, {"/oauth2/authorize"}));
  all.push_back(expect(browser.get("/login?a=1&a=2"), 400, {"twice"}));

  const auto form = browser.get("/login").form("/login/password");
  all.push_back(
      expect(browser.post(form.action, {{"attempt", form.field("attempt")}, {"csrf", "secret-4"}}), 403, {"token"}));
  all.push_back(
      expect(browser.submit(form, {{"login", "jan.nowak"}, {"password", "secret-5"}}), 403, {"login failed"}));
  all.push_back(expect(browser.post("/logout", {}, {{"Sec-Fetch-Site", "cross-site"}}), 403, {"/logout"}));
  log_in(browser);
  all.push_back(expect(browser.get("/admin/audit"), 403, {"/admin/audit", "permission"}));
  const auto own = browser.get("/account/security").form("/account/security");
  all.push_back(expect(browser.post(own.action, {{"csrf", "secret-7"}}), 403, {"/account/security", "token"}));
  all.push_back(expect(browser.submit(own, {}, {{"Origin", "https://evil.example"}}), 403, {"/account/security"}));
  all.push_back(expect(browser.request("POST", "/api/v1/account/password", {{"Content-Type", "application/json"}},
                                       R"({"old_password":"secret-6"})"),
                       400, {"members"}));

  server.send(SIGTERM);
  CHECK(server.wait() == 0);
  const std::string log = site.log_text();
  for (const Expected& expected : all) {
    const auto lines = lines_with(log, expected.number);
    REQUIRE_MESSAGE(lines.size() == 1, expected.words.front());
    for (const std::string& word : expected.words) CHECK_MESSAGE(has(lines.front(), word), lines.front(), " : ", word);
  }
  CHECK_FALSE(has(log, "secret-"));
}

TEST_CASE("an unexpected error of the database is in the log with the number of the page, and without the person") {
  Site site;
  const std::string place = postgres::make_place();
  site.config =
      site.folder.write("chancery.toml", door::config_text("database.url = \"" + postgres::url_of(place) + "\"\n"));
  std::filesystem::create_directory(site.folder / "data");
  const std::string key = site.folder.write("data/master.key", std::string(64, '7') + "\n");
  std::filesystem::permissions(key, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  site.create("jan.nowak");
  Browser browser(server.port());
  log_in(browser);
  postgres::execute(place, "ALTER TABLE account RENAME TO account_lost");
  const Reply page = browser.get("/account");
  Browser other(server.port());
  const auto form = other.get("/login").form("/login/password");
  const Reply login = other.submit(form, {{"login", "jan.nowak"}, {"password", "Meadow-Violet-2026"}});
  server.send(SIGTERM);
  CHECK(server.wait() == 0);
  const std::string log = site.log_text();
  for (const Reply* reply : {&page, &login}) {
    CHECK(reply->status == 500);
    const std::string number = reply->header("x-request-id");
    CHECK(has(reply->body, door::in_groups(number)));
    CHECK_FALSE(has(reply->body, "relation"));
    const auto lines = lines_with(log, number);
    REQUIRE(lines.size() == 1);
    CHECK_MESSAGE(has(lines.front(), "\"level\":\"error\""), lines.front());
    CHECK_MESSAGE(has(lines.front(), "42P01"), lines.front());
  }
  CHECK_FALSE(has(log, "jan.nowak"));
  CHECK_FALSE(has(log, "Meadow"));
}
