// What a missing proof interrupts: after the proof the page says that nothing was done, asks once, and does it then.
#include "web/page/proof.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

#include "door/app_fixture.hpp"
#include "flow/account/end_sessions_for.hpp"
#include "flow/account/set_password.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/account/verify_address.hpp"
#include "flow/certificate_pem.hpp"
#include "flow/house/make_operator.hpp"
#include "store/account/accounts.hpp"
#include "store/driver/sql.hpp"
#include "store/session/sessions.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::log_in_anna;
using door::log_in_jan;
using door::PageForm;
using door::Reply;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr const char* nothing_done = "Nothing has been changed yet";
const std::string annas_password = "Meadow-Violet-2026";
const std::string piotrs_password = "Forest-Amber-2026";

flow::RequestFacts facts() {
  return {"127.0.0.1", "test", "test", base::now()};
}

identity::Account account(const App& app, const std::string& login) {
  return app.house()
      .store.read([&](store::Tx& tx) { return store::find_account_by_login(tx, login, base::now()); })
      .value()
      .value();
}

std::string path_of(const App& app, const std::string& login) {
  return "/admin/accounts/" + account(app, login).id.to_string();
}

/// Makes the last proof of every session of the account stale, by a time in the future, which is not fresh.
void outdate_proofs(const App& app, const std::string& login) {
  const auto sessions = flow::list_sessions_for(app.house(), flow::make_operator("test"), login, base::now()).value();
  REQUIRE_FALSE(sessions.empty());
  REQUIRE(app.house().store.write([&](store::Tx& tx) -> base::Result<void> {
    for (const rights::Session& session : sessions) {
      RETURN_IF_ERROR(store::set_proven(tx, session.id, base::now() + std::chrono::hours(1)));
    }
    return {};
  }));
}

/// The code that waits was sent long enough ago for another one.
void outdate_code(const App& app, const std::string& login) {
  REQUIRE(app.house().store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto account, store::find_account_by_login(tx, login, base::now()));
    ASSIGN_OR_RETURN(const auto waiting, store::list_pending(tx, account->id));
    REQUIRE(waiting.size() == 1);
    return store::put_pending(tx, waiting[0], base::now() - flow::code_of_address_again_after);
  }));
}

/// Follows the redirects of an interrupted form to the proof, and proves. Gives the page at the end.
Reply prove(Browser& browser, const Reply& interrupted, const std::string& password) {
  REQUIRE(interrupted.status == 303);
  REQUIRE(interrupted.location().starts_with("/account/confirm?next="));
  const Reply asked = browser.get(interrupted.location());
  CHECK(has(asked.body, nothing_done));
  const Reply proven = browser.submit(asked.form("/account/confirm"), {{"password", password}});
  REQUIRE(proven.status == 303);
  return browser.get(proven.location());
}

/// The form of the question: the first of the page.
PageForm question_of(const Reply& page, const std::string& action) {
  CHECK(page.status == 200);
  CHECK(has(page.body, nothing_done));
  const PageForm form = page.form(action);
  REQUIRE_FALSE(form.action.empty());
  CHECK(page.body.find("action=\"" + form.action + "\"") < page.body.find("class=\"card"));
  return form;
}

}  // namespace

TEST_CASE("every action on an account that the proof interrupts is asked for once after it, and then done") {
  const App app;
  Browser anna(app.port());
  log_in_anna(anna);
  const std::string path = path_of(app, "jan.nowak");
  Browser stranger(app.port());
  for (int i = 0; i < 6; ++i) App::log_in(stranger, "jan.nowak", "wrong");
  Browser jan(app.port());
  struct Step {
    std::string action;
    std::string event;
  };
  for (const Step& step :
       {Step{"unlock", "account_unlock"}, Step{"sessions", "session_end"}, Step{"reset", "password_reset"},
        Step{"suspend", "account_suspend"}, Step{"restore", "account_restore"}}) {
    INFO(step.action);
    if (step.action == "sessions") log_in_jan(jan);
    outdate_proofs(app, "anna.kowalska");
    const std::size_t before = app.events(step.event).size();
    const Reply interrupted = anna.submit(anna.get(path).form(path + "/" + step.action), {});
    CHECK(has(interrupted.location(), base::percent_encode("?confirm=" + step.action)));
    const Reply page = prove(anna, interrupted, annas_password);
    CHECK(app.events(step.event).size() == before);
    const PageForm question = question_of(page, path + "/" + step.action);
    for (const char* reason : {"", "because"}) {
      CHECK(anna.submit(question, {{"reason", reason}}).location() ==
            path + "?confirm=" + step.action + "&reason=missing");
    }
    CHECK(app.events(step.event).size() == before);
    CHECK(anna.submit(question, {{"reason", "left"}}).location() == path + "?done=" + step.action);
    REQUIRE(app.events(step.event).size() > before);
    const auto events = app.events(step.event);
    CHECK(std::any_of(events.begin(), events.end(),
                      [](const audit::Event& event) { return has(event.data, "\"motive\":\"left\""); }));
  }
}

TEST_CASE(
    "an action that became impossible during the proof is not asked for, and the page says that nothing was done") {
  const App app;
  Browser anna(app.port());
  log_in_anna(anna);
  const std::string path = path_of(app, "jan.nowak");
  const PageForm suspend = anna.get(path).form(path + "/suspend");
  outdate_proofs(app, "anna.kowalska");
  const Reply interrupted = anna.submit(suspend, {});
  REQUIRE(flow::suspend_account(app.house(), flow::make_operator("test"), "jan.nowak", facts()));
  const Reply page = prove(anna, interrupted, annas_password);
  CHECK(has(page.body, "Nothing was changed."));
  CHECK(page.form(path + "/suspend").action.empty());
  CHECK(app.events("account_suspend").size() == 1);
}

TEST_CASE("an administrator ends one session of an account, after a fresh proof, and the others go on") {
  const App app;
  Browser anna(app.port());
  log_in_anna(anna);
  const std::string path = path_of(app, "jan.nowak");
  Browser kept(app.port());
  log_in_jan(kept);
  const auto all = [&] {
    return flow::list_sessions_for(app.house(), flow::make_operator("test"), "jan.nowak", base::now()).value();
  };
  const std::string kept_id = all().front().id.to_string();
  Browser ended(app.port());
  log_in_jan(ended);
  REQUIRE(all().size() == 2);
  const std::string id =
      all().front().id.to_string() == kept_id ? all().back().id.to_string() : all().front().id.to_string();
  outdate_proofs(app, "anna.kowalska");
  const PageForm shown = anna.get(path).form(path + "/session");
  const auto form_for = [](PageForm form, const std::string& session) {
    for (auto& [name, value] : form.fields) {
      if (name == "session") value = session;
    }
    return form;
  };
  const Reply interrupted = anna.submit(form_for(shown, id), {});
  CHECK(has(interrupted.location(), base::percent_encode("?confirm=session&session=" + id)));
  const Reply page = prove(anna, interrupted, annas_password);
  CHECK(all().size() == 2);
  CHECK(anna.submit(question_of(page, path + "/session"), {{"reason", "lost"}}).location() == path + "?done=session");
  CHECK(has(anna.get(path + "?done=session").body, "The session was ended"));
  REQUIRE(all().size() == 1);
  CHECK(all().front().id.to_string() == kept_id);
  CHECK(kept.get("/account").status == 200);
  CHECK(ended.get("/account").status == 303);
  // The same form again, or with a session of another account: nothing is done, and the page says so.
  log_in_jan(ended);  // so that the page has the form again, with the token of the session after the proof
  const PageForm fresh = anna.get(path).form(path + "/session");
  CHECK(anna.submit(form_for(fresh, id), {{"reason", "lost"}}).status == 409);
  const auto own = flow::list_sessions_for(app.house(), flow::make_operator("test"), "anna.kowalska", base::now());
  CHECK(anna.submit(form_for(fresh, own.value().front().id.to_string()), {{"reason", "lost"}}).status == 409);
  CHECK(anna.get("/account").status == 200);
}

TEST_CASE("a link that names an action does nothing by itself, and one that names none asks nothing") {
  const App app;
  Browser anna(app.port());
  log_in_anna(anna);
  const std::string path = path_of(app, "jan.nowak");
  const std::size_t before = app.events().size();
  CHECK(has(anna.get(path + "?confirm=suspend").body, nothing_done));
  CHECK(anna.post(path + "/suspend", {}).status == 403);
  for (const char* odd : {"", "password", "erase", "%22%3E%3Cscript%3E", "suspend/", "own"}) {
    const Reply page = anna.get(path + "?confirm=" + odd);
    CHECK(page.status == 200);
    CHECK_FALSE(has(page.body, nothing_done));
    CHECK_FALSE(has(page.body, "\"><script>"));
  }
  CHECK(app.events().size() == before + app.events("account_read").size());
}

TEST_CASE("who cancels the proof is back on the page of the action, and nothing was done") {
  const App app;
  Browser anna(app.port());
  log_in_anna(anna);
  const std::string path = path_of(app, "jan.nowak");
  const PageForm suspend = anna.get(path).form(path + "/suspend");
  outdate_proofs(app, "anna.kowalska");
  const Reply interrupted = anna.submit(suspend, {});
  CHECK(has(anna.get(interrupted.location()).body, "href=\"" + path + "\""));
  CHECK(app.events("account_suspend").empty());
}

TEST_CASE("ending one other session, or all, is asked for once after the proof") {
  const App app;
  const auto log_in_piotr = [&](Browser& browser) { App::log_in(browser, "piotr.wisniewski", piotrs_password); };
  Browser phone(app.port());
  Browser tablet(app.port());
  Browser browser(app.port());
  log_in_piotr(phone);
  log_in_piotr(tablet);
  log_in_piotr(browser);
  const std::string here = "/account/sessions";
  const std::string end = here + "/end";

  outdate_proofs(app, "piotr.wisniewski");
  Reply page = prove(browser, browser.submit(browser.get(here).form(end), {}), piotrs_password);
  const PageForm one = question_of(page, end);
  CHECK(one.field("session").size() == 36);
  CHECK(browser.submit(one, {}).location() == here + "?done=ended");

  outdate_proofs(app, "piotr.wisniewski");
  page = prove(browser, browser.submit(browser.get(here).form(end + "-others"), {}), piotrs_password);
  CHECK(has(browser.submit(question_of(page, end + "-others"), {}).body, "1 other session was ended."));

  // Nothing is left to end: the question has no form.
  for (const std::string& asked : {std::string("others"), "one&session=" + one.field("session")}) {
    page = browser.get(here + "?confirm=" + asked);
    CHECK(has(page.body, "Nothing was changed"));
    CHECK(page.form(end).action.empty());
  }
}

TEST_CASE("a known reason why a message was not delivered is one sentence, and an unknown one has its code behind it") {
  const App app;
  REQUIRE(flow::start_reset_for(app.house(), flow::make_operator("test"), "piotr.wisniewski", facts()));
  Browser anna(app.port());
  log_in_anna(anna);
  const auto shown = [&](const std::string& code) {
    REQUIRE(app.house().store.write([&](store::Tx& tx) {
      return tx.run("UPDATE outbox SET state = 'failed', last_error = $1", {std::string_view(code)});
    }));
    return anna.get("/admin/outbox").body;
  };
  const std::string known = shown("smtp 550");
  CHECK(has(known, "The mail server refused the message."));
  CHECK_FALSE(has(known, "smtp 550"));
  CHECK(has(shown("unheard_of"), "The message could not be delivered. (unheard_of)"));
}

TEST_CASE("a message is dropped or sent anew after the proof and one question") {
  const App app;
  REQUIRE(flow::start_reset_for(app.house(), flow::make_operator("test"), "piotr.wisniewski", facts()));
  Browser anna(app.port());
  log_in_anna(anna);
  for (const std::string action : {"retry", "drop"}) {
    outdate_proofs(app, "anna.kowalska");
    // The first form of the page is the filter. The form of the message is in the table.
    Reply table = anna.get("/admin/outbox");
    table.body = "<main>" + table.body.substr(table.body.find("<table"));
    const PageForm form = table.form("/admin/outbox");
    const Reply page = prove(anna, anna.submit(form, {{"action", action}}), annas_password);
    CHECK(app.events("message_" + action).empty());
    const PageForm question = question_of(page, "/admin/outbox");
    CHECK(question.field("id") == form.field("id"));
    CHECK(question.field("action") == action);
    CHECK(anna.submit(question, {}).status == 303);
    CHECK(app.events("message_drop").size() == (action == "drop" ? 1 : 0));
  }
}

TEST_CASE("a new code is sent after the proof and one question") {
  const App app;
  Browser piotr(app.port());
  App::log_in(piotr, "piotr.wisniewski", piotrs_password);
  const PageForm data = piotr.get("/account/data").form("/account/data");
  const Fields wished{{"login", "piotr.wisniewski"}, {"email", "p.w@clinic.example"}, {"phone", "+48 600 100 203"},
                      {"preferred_channel", "sms"},  {"epuap_account", ""},           {"epuap_profile", ""}};
  REQUIRE(piotr.submit(data, wished).location() == "/account/data?said=sent");
  outdate_proofs(app, "piotr.wisniewski");
  outdate_code(app, "piotr.wisniewski");
  const std::string path = "/account/data/verify";
  const Reply page =
      prove(piotr, piotr.submit(piotr.get("/account/data").form(path), {{"action", "send"}}), piotrs_password);
  CHECK(has(page.body, "Send a code to p.w@clinic.example now?"));
  CHECK(piotr.submit(question_of(page, path), {}).location() == "/account/data?said=sent&field=email");
}

TEST_CASE("a certificate is added with the proof in its own form, and removed after the proof and one question") {
  const App app;
  Browser piotr(app.port());
  App::log_in(piotr, "piotr.wisniewski", piotrs_password);
  outdate_proofs(app, "piotr.wisniewski");
  const std::string here = "/account/data/certificate";
  const Reply page = piotr.get("/account/data");
  CHECK(has(page.body, "id=\"password-certificate\""));
  const Fields typed{{"pem", certificate_pem}};
  const Reply asked = piotr.submit(page.form(here), typed);
  CHECK(asked.status == 422);
  CHECK(has(asked.body, "href=\"#password-certificate\""));
  CHECK(has(asked.body, "-----BEGIN CERTIFICATE-----"));  // what was typed is still there
  Fields proven = typed;
  proven.emplace_back("password", piotrs_password);
  CHECK(piotr.submit(asked.form(here), proven).location() == "/account/data?said=added");

  outdate_proofs(app, "piotr.wisniewski");
  const Reply interrupted = piotr.submit(piotr.get("/account/data").form(here + "/remove"), {});
  const PageForm question = question_of(prove(piotr, interrupted, piotrs_password), here + "/remove");
  CHECK_FALSE(has(interrupted.location(), question.field("fingerprint")));
  CHECK(app.events("account_change").size() == 1);
  CHECK(piotr.submit(question, {}).location() == "/account/data?said=removed");
  CHECK(app.events("account_change").size() == 2);

  // The same with a fresh proof: one question, and nothing before it.
  REQUIRE(piotr.submit(piotr.get("/account/data").form(here), typed).location() == "/account/data?said=added");
  const Reply unasked = piotr.submit(piotr.get("/account/data").form(here + "/remove"), {});
  CHECK(unasked.location() == "/account/data?confirm=remove&certificate=1");
  CHECK(app.events("account_change").size() == 3);
  const Reply shown = piotr.follow(unasked);
  CHECK(has(shown.body, "Then nobody can log in or confirm anything with it."));
  CHECK(piotr.submit(question_of(shown, here + "/remove"), {}).location() == "/account/data?said=removed");
}

TEST_CASE("beside the field for the password stands the way to the other proofs, for whoever has them") {
  const App app;
  Browser jan(app.port());
  log_in_jan(jan);
  constexpr const char* way = "<a href=\"/account/confirm?next=%2Faccount%2Fsuspend\">Or in another way</a>";
  CHECK_FALSE(has(jan.get("/account/suspend").body, way));
  outdate_proofs(app, "jan.nowak");
  const auto methods = jan.get("/account/confirm?next=/account/suspend");
  CHECK(has(methods.body, "Or in another way"));
  const Reply page = jan.get("/account/suspend");
  CHECK(has(page.body, way));
  // Also from the answer to the form. From a form whose address has no page it leads to the page of the form.
  CHECK(has(jan.submit(page.form("/account/suspend"), {{"password", "wrong"}}).body, way));
  const Reply keys = jan.get("/account/sign/keys");
  const Reply refused = jan.submit(keys.form("/account/sign/keys/new"), {{"label", ""}, {"password", "wrong"}});
  CHECK(has(refused.body, "<a href=\"/account/confirm?next=%2Faccount%2Fsign%2Fkeys\">"));
}
