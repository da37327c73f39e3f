// An administrator changes and deletes accounts in the browser; two administrators, other people and forged forms.
#include <doctest/doctest.h>

#include <algorithm>

#include "app/config/config.hpp"
#include "door/app_fixture.hpp"
#include "flow/account/change_contexts.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/tenant/administer_contexts.hpp"
#include "flow/tenant/change_tenant.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::PageForm;
using door::Reply;
using Fields = std::vector<std::pair<std::string, std::string>>;

identity::Account find(const App& app, const std::string& login) {
  const auto found = flow::find_named_account(app.house(), flow::make_operator("test"), login, base::now());
  REQUIRE(found);
  return *found;
}

std::string path_of(const App& app, const std::string& login) {
  return "/admin/accounts/" + find(app, login).id.to_string();
}

struct Anna : Browser {
  explicit Anna(const App& app) : Browser(app.port()) { door::log_in_anna(*this); }
};

/// What the form of the page sends if these fields are typed: the others stay as they are.
Reply send(Browser& browser, const PageForm& form, const Fields& typed) {
  Fields all = typed;
  for (const auto& [name, value] : form.fields) {
    constexpr std::string_view old = "old.";
    if (!name.starts_with(old)) continue;
    const std::string field = name.substr(old.size());
    const bool is_typed = std::any_of(typed.begin(), typed.end(), [&](const auto& one) { return one.first == field; });
    if (!is_typed && !(field == "external" && value.empty())) all.emplace_back(field, value);
  }
  const bool has_reason = std::any_of(all.begin(), all.end(), [](const auto& one) { return one.first == "reason"; });
  if (!has_reason) all.emplace_back("reason", "asked");
  return browser.submit(form, all);
}

}  // namespace

TEST_CASE("an administrator changes an account, and its page shows the new values and what is not confirmed") {
  const App app;
  Anna anna(app);
  const std::string path = path_of(app, "jan.nowak");
  CHECK(has(anna.get(path).body, "href=\"" + path + "/edit\""));
  const Reply done = send(anna, anna.get(path + "/edit").form(path + "/edit"),
                          {{"family_name", "Wrona"},
                           {"phone", "+49 (0)172/34567890"},
                           {"pesel", "44051401359"},
                           {"preferred_channel", "email"}});
  REQUIRE(done.status == 303);
  CHECK(done.location() == path + "?done=changed");
  const std::string page = anna.follow(done).body;
  CHECK(has(page, "The data of Jan Wrona were changed."));
  CHECK(has(page, "+49 172 34567890"));
  CHECK(has(page, "entered by the administration, not confirmed"));
  CHECK(has(page, "44051401359"));
  const auto event = app.events("account_change").front();
  CHECK(has(event.data, "\"motive\":\"asked\""));
  CHECK_FALSE(has(event.data, "Wrona"));
  const std::string log = anna.get("/admin/audit?type=account_change").body;
  CHECK(has(log, "Old value: Family name"));
}

TEST_CASE("the second of two administrators is told what the first has changed, keeps what was typed, and saves anew") {
  const App app;
  Anna first(app);
  Browser second(app.port());
  App::log_in(second, "admin", "Lantern-Harbour-2026");
  const std::string path = path_of(app, "jan.nowak");
  const PageForm of_first = first.get(path + "/edit").form(path + "/edit");
  const PageForm of_second = second.get(path + "/edit").form(path + "/edit");
  CHECK(send(first, of_first, {{"given_name", "Janusz"}}).status == 303);
  const Reply told = send(second, of_second, {{"family_name", "Wrona"}});
  CHECK(told.status == 409);
  CHECK(has(told.body, "Somebody else has changed this account meanwhile."));
  CHECK(has(told.body, "<li>Given name: Janusz</li>"));
  CHECK(has(told.body, "value=\"Wrona\""));
  CHECK(find(app, "jan.nowak").family_name == "Nowak");
  CHECK(send(second, told.form(path + "/edit"), {{"given_name", "Janusz"}, {"family_name", "Wrona"}}).status == 303);
  CHECK(find(app, "jan.nowak").display_name() == "Janusz Wrona");
}

TEST_CASE("a mistake stands at its field, and without a reason nothing is changed") {
  const App app;
  Anna anna(app);
  const std::string path = path_of(app, "jan.nowak");
  const PageForm form = anna.get(path + "/edit").form(path + "/edit");
  const Reply refused = send(anna, form, {{"phone", "0172 34567890"}, {"login", "piotr.wisniewski"}});
  CHECK(refused.status == 422);
  CHECK(has(refused.body, "id=\"phone-wrong\""));
  CHECK(has(refused.body, "id=\"login-wrong\""));
  CHECK_FALSE(has(refused.body, "Wiśniewski"));
  CHECK(send(anna, form, {{"family_name", "Wrona"}, {"reason", ""}}).status == 422);
  CHECK(find(app, "jan.nowak").family_name == "Nowak");
}

TEST_CASE("fields that the form does not have change nothing") {
  const App app;
  Anna anna(app);
  const std::string path = path_of(app, "jan.nowak");
  const identity::Account before = find(app, "jan.nowak");
  const Reply done = send(anna, anna.get(path + "/edit").form(path + "/edit"),
                          {{"status", "deleted"},
                           {"tenant_id", "1"},
                           {"is_main", "yes"},
                           {"email_verified", "yes"},
                           {"main_account_id", before.id.to_string()},
                           {"security_stamp", "7"}});
  CHECK(done.location() == path + "?done=unchanged");
  CHECK(find(app, "jan.nowak").version == before.version);
}

TEST_CASE("the own account, one with more rights and one that is not there have no form; without the permission 403") {
  const App app;
  Anna anna(app);
  for (const char* login : {"anna.kowalska", "admin"}) {
    const std::string path = path_of(app, login);
    CHECK(anna.get(path + "/edit").location() == path);
    CHECK(anna.post(path + "/edit", {{"family_name", "X"}}).status == 403);
  }
  CHECK(anna.get("/admin/accounts/" + base::Id::make(base::now()).to_string() + "/edit").status == 404);
  CHECK(anna.get("/admin/accounts/jan.nowak/edit").status == 404);
  Browser jan(app.port());
  door::log_in_jan(jan);
  const std::string path = path_of(app, "anna.kowalska");
  CHECK(jan.get(path + "/edit").status == 403);
}

TEST_CASE("an administrator deletes an account after one question with a reason, and it stays deleted") {
  const App app;
  Anna anna(app);
  const std::string path = path_of(app, "jan.nowak");
  const Reply question = anna.follow(anna.submit(anna.get(path).form(path + "/delete"), {}));
  CHECK(has(question.body, "Delete the account of Jan Nowak? This cannot be undone."));
  CHECK(find(app, "jan.nowak").status == identity::AccountStatus::active);
  const Reply done = anna.submit(question.form(path + "/delete"), {{"reason", "left"}});
  CHECK(done.location() == path + "?done=delete");
  const std::string page = anna.follow(done).body;
  CHECK(has(page, "This account was deleted. It cannot be restored."));
  CHECK_FALSE(has(page, "jan.nowak"));
  CHECK(anna.get(path + "/edit").location() == path);
  Browser jan(app.port());
  CHECK(App::log_in(jan, "jan.nowak", "River-Copper-2026").status != 200);
}

TEST_CASE("who looked at an account is in the audit log, once in an hour") {
  const App app;
  Anna anna(app);
  const std::string path = path_of(app, "jan.nowak");
  for (int i = 0; i < 3; ++i) CHECK(anna.get(path).status == 200);
  CHECK(app.events("account_read").size() == 1);
  CHECK(has(anna.get("/admin/audit?type=account_read").body, "jan.nowak"));
}

TEST_CASE("a context is given and taken on the page of the account after one question, and none with more rights") {
  const App app;
  Anna anna(app);
  const std::string path = path_of(app, "jan.nowak");
  const auto send_context = [&](const std::string& key, const std::string& act, const std::string& reason) {
    PageForm form = anna.get(path).form(path + "/context");
    std::erase_if(form.fields, [](const auto& one) { return one.first == "context" || one.first == "act"; });
    Fields typed{{"context", key}, {"act", act}};
    if (!reason.empty()) typed.emplace_back("reason", reason);
    return anna.submit(form, typed);
  };
  const Reply question = anna.follow(send_context("administrator", "give", ""));
  CHECK(has(question.body, "Give Jan Nowak the context"));
  CHECK(app.events("context_change").empty());
  const Reply given = anna.submit(question.form(path + "/context"), {{"reason", "asked"}});
  CHECK(given.location() == path + "?done=given");
  CHECK(has(app.events("context_change").front().data, "administrator user"));
  CHECK(send_context("administrator", "take", "left").location() == path + "?done=taken");
  CHECK(send_context("super_administrator", "give", "asked").status == 403);
  CHECK(send_context("no_such_context", "give", "asked").status == 404);
  CHECK(app.events("context_change").size() == 2);
}

TEST_CASE("a context is given for some days on the page of the account, and a term that cannot be is refused") {
  const App app;
  Anna anna(app);
  const std::string path = path_of(app, "jan.nowak");
  const auto ask = [&](const std::string& act) {
    PageForm form = anna.get(path).form(path + "/context");
    std::erase_if(form.fields, [](const auto& one) { return one.first == "context"; });
    return anna.follow(anna.submit(form, {{"context", "administrator"}, {"act", act}}));
  };
  const Reply question = ask("give");
  CHECK(has(question.body, "<input id=\"from\" name=\"from\" type=\"date\""));
  const auto answer = [&](const Reply& page, const std::string& from, const std::string& until) {
    return anna.submit(page.form(path + "/context"), {{"from", from}, {"until", until}, {"reason", "asked"}});
  };
  CHECK(answer(question, "2031-01-02", "2031-01-01").status == 422);
  CHECK(answer(question, "2031-02-31", "").status == 422);
  CHECK(answer(question, "", "2001-01-01").status == 422);
  CHECK(app.events("context_change").empty());
  // Without a reason the days stay in the form.
  PageForm form = question.form(path + "/context");
  const Reply again = anna.follow(anna.submit(form, {{"from", "2031-01-02"}, {"until", "2031-01-31"}, {"reason", ""}}));
  CHECK(has(again.body, "value=\"2031-01-31\""));
  const Reply done = answer(again, "2031-01-02", "2031-01-31");
  CHECK(done.location() == path + "?done=given");
  const Reply shown = anna.get(path);
  CHECK(has(shown.body, "from 2 January 2031 until 31 January 2031"));
  const Reply change = ask("term");
  CHECK(has(change.body, "value=\"2031-01-02\""));
  CHECK(answer(change, "", "").location() == path + "?done=term");
  CHECK_FALSE(has(anna.get(path).body, "2031"));
}

TEST_CASE("groups are given and taken on the page of the account, and a group of another organisation is none") {
  const App app;
  Anna anna(app);
  const rights::Actor by = flow::make_operator("test");
  flow::RequestFacts facts;
  facts.now = base::now();
  REQUIRE(flow::create_group(app.house(), by, {"", "Nurses <b>"}, facts));
  REQUIRE(flow::create_tenant(app.house(), by, {"east", ""}, {.name = "East"}, facts));
  REQUIRE(flow::create_group(app.house(), by, {"east", "Foreign"}, facts));
  const std::string path = path_of(app, "jan.nowak");
  const Reply page = anna.get(path);
  CHECK_FALSE(has(page.body, "Foreign"));
  CHECK_FALSE(has(page.body, "<b>"));
  const auto send = [&](const Reply& from, const std::string& group, const std::string& act,
                        const std::string& reason) {
    PageForm form = from.form(path + "/group");
    std::erase_if(form.fields, [](const auto& one) { return one.first == "group" || one.first == "act"; });
    Fields typed{{"group", group}, {"act", act}};
    if (!reason.empty()) typed.emplace_back("reason", reason);
    return anna.submit(form, typed);
  };
  const Reply question = anna.follow(send(page, "Nurses <b>", "join", ""));
  CHECK_MESSAGE(has(question.body, "Add Jan Nowak to the group"), question.body.substr(question.body.find("<main")));
  CHECK(app.events("group_change").empty());
  CHECK(send(question, "Nurses <b>", "join", "asked").location() == path + "?done=joined");
  CHECK(send(page, "Foreign", "join", "asked").status == 404);
  CHECK(send(anna.get(path), "Nurses <b>", "leave", "left").location() == path + "?done=left");
  CHECK(app.events("group_change").size() == 2);
  CHECK(has(app.events("group_change").front().data, "\"motive\":\"left\""));
}

TEST_CASE("support sees neither buttons for contexts and groups nor the end of an account, and sends them in vain") {
  const App app;
  const rights::Actor by = flow::make_operator("test");
  flow::RequestFacts facts;
  facts.now = base::now();
  REQUIRE(flow::create_acting_context(app.house(), by, {"", "desk"}, {.role = "support"}, facts));
  REQUIRE(flow::add_context(app.house(), by, {"jan.nowak", "desk"}, facts));
  Browser jan(app.port());
  App::log_in(jan, "jan.nowak", "River-Copper-2026", "desk");
  const std::string path = path_of(app, "piotr.wisniewski");
  const Reply page = jan.get(path);
  REQUIRE(page.status == 200);
  for (const char* action : {"context", "group", "delete", "suspend"}) {
    CAPTURE(action);
    CHECK(page.form(path + "/" + action).action.empty());
  }
  PageForm form = page.form(path + "/reset");
  REQUIRE_FALSE(form.action.empty());
  form.action = path + "/group";
  CHECK(jan.submit(form, {{"group", "x"}, {"act", "join"}, {"reason", "asked"}}).status == 403);
}

TEST_CASE("an administrator makes an account a main account and takes it back, unless it has sub accounts") {
  const App app;
  Anna anna(app);
  const std::string piotr = path_of(app, "piotr.wisniewski");
  CHECK(anna.get(piotr).form(piotr + "/dismiss").action.empty());
  const auto act_on = [&](const std::string& page, const std::string& action) {
    const Reply asked = anna.submit(anna.get(page).form(page + "/" + action), {});
    return anna.submit(anna.get(asked.location()).form(page + "/" + action), {{"reason", "asked"}});
  };
  const Reply made = act_on(piotr, "appoint");
  REQUIRE(made.status == 303);
  CHECK(has(anna.get(made.location()).body, "is a main account now"));
  CHECK(find(app, "piotr.wisniewski").is_main);
  flow::NewAccount sub;
  sub.login = "piotr.sub";
  sub.given_name = "Sub";
  sub.family_name = "Account";
  sub.email = "piotr.sub@clinic.example";
  sub.main_account = "piotr.wisniewski";
  sub.password = base::Secret("Heather-Bridge-2026");
  app.add_account(sub);
  CHECK(act_on(piotr, "dismiss").status == 409);
  CHECK(find(app, "piotr.wisniewski").is_main);
  REQUIRE(flow::delete_account(app.house(), flow::make_operator("test"), "piotr.sub", {"", "", "", base::now()}));
  CHECK(act_on(piotr, "dismiss").status == 303);
  CHECK_FALSE(find(app, "piotr.wisniewski").is_main);
}
