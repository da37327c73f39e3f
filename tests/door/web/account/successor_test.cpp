// The last super administrator names another one on the page that says that the last one stays.
#include <doctest/doctest.h>

#include "door/settings_fixture.hpp"

namespace {

using door::Browser;
using door::has;
using door::Reply;
using door::SettingsDesk;

}  // namespace

TEST_CASE("the last super administrator names another one and then may leave") {
  SettingsDesk f;
  const Reply page = f.ada.get("/account/suspend");
  CHECK(has(page.body, "You are the last super administrator."));
  const auto name = [&](const std::string& login) {
    return f.ada.submit(f.ada.get("/account/suspend").form("/account/suspend/successor"), {{"login", login}});
  };
  const Reply nobody = name("nobody.here");
  CHECK(nobody.status == 409);
  CHECK(has(nobody.body, "There is no active account with this login name"));
  CHECK(has(nobody.body, "value=\"nobody.here\""));
  CHECK(has(name("admin").body, "Please name another account than your own."));
  CHECK(f.app.events("context_change").empty());
  const Reply named = name("jan.nowak");
  REQUIRE(named.location() == "/account/suspend?done=named");
  const Reply question = f.ada.get(named.location());
  CHECK(has(question.body, "The account has the right of the super administrator now."));
  CHECK(has(question.body, "Do you really want to suspend"));
  CHECK(f.app.events("context_change").size() == 1);
  CHECK(f.ada.submit(question.form("/account/suspend"), {}).status == 200);
  CHECK(f.app.events("account_suspend").size() == 1);
}

TEST_CASE("naming another super administrator needs a fresh proof") {
  SettingsDesk f;
  f.outdate_proof();
  const auto name = [&](const std::string& password) {
    return f.ada.submit(f.ada.get("/account/delete").form("/account/delete/successor"),
                        {{"login", "jan.nowak"}, {"password", password}});
  };
  CHECK(name("").status == 409);
  CHECK(name("wrong").status == 409);
  CHECK(f.app.events("context_change").empty());
  CHECK(name(SettingsDesk::adas_password).location() == "/account/delete?done=named");
}

TEST_CASE("whoever is no super administrator names none, whatever is sent") {
  SettingsDesk f;
  Browser anna(f.app.port());
  door::log_in_anna(anna);
  for (const char* path : {"/account/suspend/successor", "/account/delete/successor"}) {
    CAPTURE(path);
    CHECK(f.force(anna, "anna.kowalska", path, {{"login", "jan.nowak"}}).status == 403);
  }
  CHECK(f.app.events("context_change").empty());
}
