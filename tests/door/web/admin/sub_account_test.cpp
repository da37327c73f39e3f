// The pages on which the holder of a main account administers its sub accounts (S2.4), in three languages.
#include <doctest/doctest.h>

#include "browser/csrf.hpp"
#include "door/app_fixture.hpp"
#include "store/account/accounts.hpp"
#include "store/driver/sql.hpp"
#include "store/engine/store.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;

const std::string list = "/account/sub-accounts";

std::string id_of(const App& app, std::string_view login) {
  return app.house()
      .store.read([&](store::Tx& tx) { return store::find_account_by_login(tx, login, base::now()); })
      .value()
      .value()
      .id.to_string();
}
identity::AccountStatus status_of(const App& app, const std::string& id) {
  return app.house()
      .store.read([&](store::Tx& tx) { return store::find_account(tx, base::Id::parse(id).value()); })
      .value()
      .value()
      .status;
}

/// Of the browser that logged in last.
std::string session_id_of(const App& app) {
  return app.house()
      .store
      .read([](store::Tx& tx) {
        return tx.find_one("SELECT id FROM session ORDER BY created_at DESC, id DESC LIMIT 1", {}, store::read_id);
      })
      .value()
      .value()
      .to_string();
}

struct Language {
  const char* code;
  const char* title;
  const char* give;
  const char* suspended;
  const char* deleted;
};
const Language languages[] = {
    {"en", "Sub account: Ewa Lis", "Give", "The account is suspended.", "The sub account was deleted."},
    {"de", "Unterkonto: Ewa Lis", "Geben", "Das Konto ist stillgelegt.", "Das Unterkonto wurde gel\xc3\xb6scht."},
    {"pl",
     "Konto podrz\xc4\x99"
     "dne: Ewa Lis",
     "Nadaj", "Konto jest zawieszone.",
     "Usuni\xc4\x99to konto podrz\xc4\x99"
     "dne."},
};

/// Anna, as an ordinary user, with the pages in the language.
void log_in_holder(Browser& anna, const char* language) {
  App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "user");
  const Reply home = anna.get("/account");
  REQUIRE(anna.submit(home.form("/account/language"), {{"lang", language}}).status == 303);
}

/// The id of the new sub account.
std::string add_ewa(const App& app, Browser& anna) {
  const Reply made = anna.submit(anna.get(list).form(list), {{"login", "ewa"},
                                                             {"given_name", "Ewa"},
                                                             {"family_name", "Lis"},
                                                             {"email", "anna.kowalska+ewa@clinic.example"},
                                                             {"redirect_to_main", "yes"}});
  REQUIRE_MESSAGE(made.status == 303, made.body);
  return id_of(app, "ewa");
}

/// Presses the button of the page, and that of the question.
Reply act(Browser& browser, const std::string& page, const std::string& action) {
  const Reply asked = browser.follow(browser.submit(browser.get(page).form(page + "/" + action), {}));
  return browser.follow(browser.submit(asked.form(page + "/" + action), {}));
}

}  // namespace

TEST_CASE(
    "the holder of a main account edits, gives rights, resets, suspends, restores and deletes, in each language") {
  for (const Language& in : languages) {
    INFO(in.code);
    const App app;
    Browser anna(app.port());
    log_in_holder(anna, in.code);
    const std::string ewa = add_ewa(app, anna);
    const std::string page = list + "/" + ewa;
    CHECK(has(anna.get(list).body, "href=\"" + page + "\""));
    const Reply shown = anna.get(page);
    CHECK(shown.status == 200);
    CHECK(has(shown.body, in.title));
    const Reply changed = anna.submit(shown.form(page + "/edit"), {{"given_name", "Ewa"},
                                                                   {"family_name", "Lis"},
                                                                   {"locale", "pl"},
                                                                   {"login", "ewa.lis"},
                                                                   {"email", "anna.kowalska+ewa@clinic.example"},
                                                                   {"phone", ""},
                                                                   {"preferred_channel", "email"}});
    CHECK_MESSAGE(changed.status == 303, changed.body);
    CHECK(id_of(app, "ewa.lis") == ewa);
    const Reply taken = anna.follow(anna.submit(anna.get(page).form(page + "/context"), {}));
    CHECK(has(taken.body, std::string(">") + in.give + "<"));
    CHECK(anna.submit(taken.form(page + "/context"), {{"give", "user"}}).status == 303);
    CHECK(act(anna, page, "reset").status == 200);
    CHECK_FALSE(app.events("password_reset").empty());
    CHECK(has(act(anna, page, "suspend").body, in.suspended));
    CHECK(status_of(app, ewa) == identity::AccountStatus::suspended_admin);
    CHECK(act(anna, page, "restore").status == 200);
    CHECK(status_of(app, ewa) == identity::AccountStatus::active);
    CHECK(has(act(anna, page, "delete").body, in.deleted));
    CHECK(status_of(app, ewa) == identity::AccountStatus::deleted);
    CHECK(anna.get(page).status == 404);
  }
}

TEST_CASE("accounts that are no sub accounts of the holder look like none, at every address and in every form") {
  const App app;
  Browser anna(app.port());
  log_in_holder(anna, "en");
  for (const std::string& id : {id_of(app, "piotr.wisniewski"), id_of(app, "jan.nowak"), id_of(app, "anna.kowalska"),
                                std::string("00000000-0000-7000-8000-000000000000"), std::string("piotr.wisniewski")}) {
    INFO(id);
    const std::string page = list + "/" + id;
    CHECK(anna.get(page).status == 404);
    for (const char* action : {"edit", "context", "reset", "suspend", "restore", "delete"}) {
      // With the right token of the form: it depends on the session and the path only.
      const std::string path = page + "/" + action;
      const std::string token = browser::make_csrf(app.house(), session_id_of(app), path);
      const Reply refused = anna.post(path, {{"csrf", token}, {"sure", "yes"}, {"give", "user"}, {"version", "0"}});
      CHECK_MESSAGE(refused.status == 404, action);
    }
  }
  CHECK(app.events("account_suspend").empty());
  CHECK(app.events("account_delete").empty());
}

TEST_CASE("an employee without the mark has no such page, and a forged form does nothing") {
  const App app;
  Browser anna(app.port());
  log_in_holder(anna, "en");
  const std::string ewa = add_ewa(app, anna);
  Browser piotr(app.port());
  App::log_in(piotr, "piotr.wisniewski", "Forest-Amber-2026");
  CHECK(piotr.get(list).status == 403);
  CHECK(piotr.get(list + "/" + ewa).status == 403);
  CHECK(piotr.post(list + "/" + ewa + "/suspend", {{"sure", "yes"}}).status == 403);
  CHECK(anna.post(list + "/" + ewa + "/suspend", {{"csrf", "forged"}, {"sure", "yes"}}).status == 403);
  CHECK(status_of(app, ewa) == identity::AccountStatus::active);
}
