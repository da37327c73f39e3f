// The page of tokens with which applications register themselves.
#include <doctest/doctest.h>

#include "door/settings_fixture.hpp"

namespace {

using door::Browser;
using door::has;
using door::Reply;
using door::SettingsDesk;

constexpr const char* page = "/admin/registration-tokens";

}  // namespace

TEST_CASE("without the permission there is no page of tokens, and every form is refused") {
  SettingsDesk f;
  Browser jan(f.app.port());
  door::log_in_jan(jan);
  CHECK(jan.get(page).status == 403);
  CHECK(f.force(jan, "jan.nowak", std::string(page) + "/new", {{"name", "x"}, {"uses", "1"}, {"days", "1"}}).status ==
        403);
  CHECK(f.force(jan, "jan.nowak", std::string(page) + "/revoke", {{"token", "x"}}).status == 403);
  CHECK(f.app.events("api_token_change").empty());
}

TEST_CASE("an administrator makes a token, sees it once, and withdraws it after a question") {
  SettingsDesk f;
  CHECK(has(f.ada.get("/admin/applications").body, "href=\"/admin/registration-tokens\""));
  const Reply empty = f.ada.get(page);
  CHECK(has(empty.body, "There is no token."));
  const Reply made =
      f.ada.submit(empty.form("/admin/registration-tokens/new"), {{"name", "<Portal>"}, {"uses", "10"}, {"days", "7"}});
  CHECK(made.status == 200);
  CHECK(has(made.body, "chy_iat_"));
  CHECK(has(made.body, "/oauth2/register"));
  CHECK_FALSE(has(made.body, "<Portal>"));
  const Reply listed = f.ada.get(page);
  CHECK(has(listed.body, "&lt;Portal&gt;"));
  CHECK_FALSE(has(listed.body, "chy_iat_"));
  const Reply question = f.ada.follow(f.ada.submit(listed.form("/admin/registration-tokens/revoke"), {}));
  CHECK(has(question.body, "Nobody can register with it any more."));
  CHECK(f.app.events("api_token_change").size() == 1);
  const Reply done = f.ada.follow(f.ada.submit(question.form("/admin/registration-tokens/revoke"), {}));
  CHECK(has(done.body, "The token was withdrawn."));
  CHECK(f.app.events("api_token_change").size() == 2);
  CHECK(f.ada.get(page).form("/admin/registration-tokens/revoke").action.empty());
}

TEST_CASE("a form that the page does not have makes no token") {
  SettingsDesk f;
  const auto send = [&](const std::vector<std::pair<std::string, std::string>>& typed) {
    return f.ada.submit(f.ada.get(page).form("/admin/registration-tokens/new"), typed).status;
  };
  CHECK(send({{"name", ""}, {"uses", "1"}, {"days", "1"}}) == 422);
  CHECK(send({{"name", std::string(101, 'a')}, {"uses", "1"}, {"days", "1"}}) == 422);
  CHECK(send({{"name", "a"}, {"uses", "3"}, {"days", "1"}}) == 400);
  CHECK(send({{"name", "a"}, {"uses", "1"}, {"days", "1000"}}) == 400);
  CHECK(send({{"name", "a"}, {"uses", ""}, {"days", "1"}}) == 400);
  CHECK(f.app.events("api_token_change").empty());
}
