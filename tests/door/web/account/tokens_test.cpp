// The page of personal tokens.
#include <doctest/doctest.h>

#include "door/app_fixture.hpp"
#include "door/settings_fixture.hpp"

namespace {

using door::Browser;
using door::has;
using door::Reply;

constexpr const char* page = "/account/tokens";

}  // namespace

TEST_CASE("a person makes a token for a program, sees it once, and withdraws it") {
  const door::App app;
  Browser jan(app.port());
  door::log_in_jan(jan);
  CHECK(has(jan.get("/account").body, "href=\"/account/tokens\""));
  const Reply made =
      jan.submit(jan.get(page).form("/account/tokens/new"),
                 {{"name", "<Archive>"}, {"scope_sign", "yes"}, {"scope_verify", "yes"}, {"days", "30"}});
  CHECK(made.status == 200);
  CHECK(has(made.body, "chy_pat_"));
  CHECK(has(made.body, "&lt;Archive&gt;"));
  CHECK(has(made.body, "sign, verify"));
  const Reply listed = jan.get(page);
  CHECK_FALSE(has(listed.body, "chy_pat_"));
  const Reply done = jan.follow(jan.submit(listed.form("/account/tokens/revoke"), {}));
  CHECK(has(done.body, "The token was withdrawn."));
  CHECK(jan.get(page).form("/account/tokens/revoke").action.empty());
  CHECK(app.events("api_token_change").size() == 2);
}

TEST_CASE("a personal token without a purpose, without a scope or with a time that is not offered is not made") {
  const door::App app;
  Browser jan(app.port());
  door::log_in_jan(jan);
  const auto send = [&](const std::vector<std::pair<std::string, std::string>>& typed) {
    return jan.submit(jan.get(page).form("/account/tokens/new"), typed).status;
  };
  CHECK(send({{"name", ""}, {"scope_sign", "yes"}, {"days", "30"}}) == 422);
  CHECK(send({{"name", "a"}, {"days", "30"}}) == 422);
  CHECK(send({{"name", "a"}, {"scope_all", "yes"}, {"days", "30"}}) == 422);
  CHECK(send({{"name", "a"}, {"scope_sign", "yes"}, {"days", "1000"}}) == 400);
  CHECK(app.events("api_token_change").empty());
}

TEST_CASE("nobody withdraws the personal token of another person") {
  const door::App app;
  Browser jan(app.port());
  door::log_in_jan(jan);
  const Reply made =
      jan.submit(jan.get(page).form("/account/tokens/new"), {{"name", "a"}, {"scope_sign", "yes"}, {"days", "30"}});
  const std::string id = made.form("/account/tokens/revoke").field("token");
  REQUIRE(id.size() == 36);
  Browser anna(app.port());
  door::log_in_anna(anna);
  REQUIRE(
      anna.submit(anna.get(page).form("/account/tokens/new"), {{"name", "b"}, {"scope_verify", "yes"}, {"days", "30"}})
          .status == 200);
  auto form = anna.get(page).form("/account/tokens/revoke");
  for (auto& [name, value] : form.fields) {
    if (name == "token") value = id;
  }
  CHECK(anna.submit(form, {}).status == 404);
  CHECK(has(jan.get(page).body, id));
}
