// One act on many accounts in the browser: chosen in the list, previewed, done in the background, with an outcome for
// each account.
#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "app/config/config.hpp"
#include "door/app_fixture.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/house/make_operator.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::PageForm;
using door::Reply;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr const char* bulk = "/admin/accounts/bulk";
constexpr const char* begin = "/admin/accounts/bulk/begin";

identity::Account find(const App& app, const std::string& login) {
  const auto found = flow::find_named_account(app.house(), flow::make_operator("test"), login, base::now());
  REQUIRE(found);
  return *found;
}

struct Anna : Browser {
  explicit Anna(const App& app) : Browser(app.port()) { door::log_in_anna(*this); }

  /// The page that asks what to do with the ticked accounts.
  Reply tick(const App& app, const std::vector<std::string>& logins) {
    Fields fields{{"step", "ticked"}};
    for (const std::string& login : logins) fields.emplace_back("account." + find(app, login).id.to_string(), "yes");
    return submit(get("/admin/accounts").form(bulk), fields);
  }
  Reply preview(const App& app, const std::vector<std::string>& logins, const std::string& act) {
    const Reply asked = tick(app, logins);
    REQUIRE(asked.status == 200);
    return submit(asked.form(bulk), {{"act", act}});
  }
  /// The page of the run when it has ended.
  std::string wait_for_end(const std::string& page) {
    for (;;) {
      const Reply reply = get(page);
      REQUIRE(reply.status == 200);
      if (!has(reply.body, "<h2 id=\"progress-title\">Running</h2>")) return reply.body;
      CHECK(reply.header("refresh") == "3; url=" + page);
      std::this_thread::yield();
    }
  }
};

}  // namespace

TEST_CASE(
    "an administrator changes several accounts without a script: chooses, sees the preview, gives a reason, sees the "
    "outcomes") {
  const App app;
  Anna anna(app);
  const Reply preview = anna.preview(app, {"jan.nowak", "piotr.wisniewski", "anna.kowalska", "admin"}, "suspend");
  REQUIRE(preview.status == 200);
  CHECK(has(preview.body, "2 accounts will be changed"));
  CHECK(has(preview.body, "2 accounts will not be changed"));
  CHECK(has(preview.body, "your own account"));
  CHECK(has(preview.body, "has more rights than you"));
  CHECK(find(app, "jan.nowak").status == identity::AccountStatus::active);
  const Reply asked = anna.submit(preview.form(begin), {});
  CHECK(asked.status == 422);
  CHECK(has(asked.body, "id=\"bulk-reason-flaw\""));
  CHECK(app.events("bulk_act").empty());
  const Reply begun = anna.submit(asked.form(begin), {{"reason", "left"}});
  REQUIRE(begun.status == 303);
  const std::string page = begun.location();
  const std::string shown = anna.wait_for_end(page);
  CHECK(has(shown, "4 of 4 accounts are ready. 2 were changed."));
  CHECK(find(app, "jan.nowak").status == identity::AccountStatus::suspended_admin);
  CHECK(find(app, "admin").status == identity::AccountStatus::active);
  const Reply file = anna.get(page + "/results");
  CHECK(file.header("content-type") == "text/csv; charset=utf-8; header=present");
  CHECK(has(file.body, "\"jan.nowak\",\"Jan Nowak\",\"done\"\r\n"));
  CHECK(has(file.body, "\"admin\""));
  CHECK(has(anna.get(bulk).body, page));
  // The audit log finds the changes by the number of the run.
  const std::string id = page.substr(page.rfind('/') + 1);
  CHECK(has(anna.get("/admin/audit?request_id=" + id + "&type=account_suspend").body, "suspended"));
}

TEST_CASE("the page of a run reads itself again until the person asks it not to, and does not keep the session open") {
  const App app;
  Anna anna(app);
  const Reply begun = anna.submit(anna.preview(app, {"jan.nowak"}, "sessions").form(begin), {{"reason", "asked"}});
  REQUIRE(begun.status == 303);
  anna.wait_for_end(begun.location());
  const Reply ended = anna.get(begun.location());
  CHECK(ended.header("refresh").empty());
  CHECK(has(ended.body, begun.location() + "/results"));
  // What has ended cannot be stopped.
  CHECK_FALSE(has(ended.body, "/stop\""));
}

TEST_CASE("nothing chosen, no act and another act than those of the page are told, and nothing begins") {
  const App app;
  Anna anna(app);
  CHECK(has(anna.tick(app, {}).body, "No account was chosen."));
  const Reply asked = anna.tick(app, {"jan.nowak"});
  CHECK(anna.submit(asked.form(bulk), {{"act", ""}}).status == 422);
  CHECK(anna.submit(asked.form(bulk), {{"act", "give_context:super_administrator"}}).status == 422);
  CHECK(anna.submit(asked.form(bulk), {{"act", "delete"}}).status == 422);
  CHECK_FALSE(has(asked.body, "super_administrator"));
  CHECK(has(asked.body, "value=\"give_context:administrator\""));
  CHECK(app.events("bulk_act").empty());
}

TEST_CASE("all accounts that the list finds are chosen by one button") {
  const App app;
  Anna anna(app);
  const PageForm search = anna.get("/admin/accounts").form("/admin/accounts");
  const Reply found = anna.follow(anna.submit(search, {{"text", "jan.nowak"}}));
  REQUIRE(found.status == 200);
  const Reply asked = anna.submit(found.form(bulk), {{"step", "found"}});
  CHECK(has(asked.body, "1 account was chosen."));
}

TEST_CASE("without the permission there are no boxes, and the forms and the pages are refused") {
  const App app;
  Anna anna(app);
  const Reply begun =
      anna.submit(anna.preview(app, {"piotr.wisniewski"}, "sessions").form(begin), {{"reason", "asked"}});
  Browser jan(app.port());
  door::log_in_jan(jan);
  CHECK(jan.get(bulk).status == 403);
  CHECK(jan.get(begun.location()).status == 403);
  CHECK(jan.get(begun.location() + "/results").status == 403);
  Browser admin(app.port());
  App::log_in(admin, "admin", "Lantern-Harbour-2026");
  // Another administrator, even with more rights, does not see the run.
  CHECK(admin.get(begun.location()).status == 404);
  CHECK(admin.get(begun.location() + "/results").status == 404);
  CHECK(admin.get(std::string(bulk) + "/x").status == 404);
}
