// "My data", certificates, sub accounts and the outbox, used by honest and by malicious browsers.
#include <doctest/doctest.h>

#include <algorithm>

#include "app/config/config.hpp"
#include "door/app_fixture.hpp"
#include "flow/account/change_groups.hpp"
#include "flow/account/create_account.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/certificate_pem.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/make_operator.hpp"
#include "store/account/accounts.hpp"
#include "store/account/identifiers.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::log_in_anna;
using door::log_in_jan;
using door::PageForm;
using door::Reply;
using Fields = std::vector<std::pair<std::string, std::string>>;

void log_in_piotr(Browser& browser) {
  App::log_in(browser, "piotr.wisniewski", "Forest-Amber-2026");
}

identity::Account account(const App& app, const std::string& login) {
  return app.house()
      .store.read([&](store::Tx& tx) { return store::find_account_by_login(tx, login, base::now()); })
      .value()
      .value();
}

Fields piotrs() {
  return {{"login", "piotr.wisniewski"}, {"email", "piotr.wisniewski@clinic.example"},
          {"phone", "+48 600 100 203"},  {"preferred_channel", "sms"},
          {"epuap_account", ""},         {"epuap_profile", ""}};
}
Fields with(Fields fields, const std::string& name, const std::string& value) {
  for (auto& [key, old] : fields) {
    if (key == name) old = value;
  }
  return fields;
}

std::string multipart(const Fields& fields, const std::string& file) {
  std::string body;
  for (const auto& [name, value] : fields) {
    body += "--mark\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  }
  body +=
      "--mark\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../<b>.pem\"\r\nContent-Type: "
      "application/octet-stream\r\n\r\n";
  return body + file + "\r\n--mark--\r\n";
}

/// The row of the page: what is stored, what was done, the code and the form.
std::string row(const Reply& page, const std::string& name) {
  const std::size_t begin = page.body.find("<div class=\"datum\" id=\"row-" + name + "\">");
  if (begin == std::string::npos) return {};
  return page.body.substr(begin, page.body.find("</dd>", begin) - begin);
}
std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

Reply upload(Browser& browser, const std::string& csrf, const std::string& file) {
  return browser.request("POST", "/account/data/certificate",
                         {{"Content-Type", "multipart/form-data; boundary=mark"}, {"Origin", "http://" + browser.host}},
                         multipart({{"csrf", csrf}, {"pem", ""}}, file));
}

}  // namespace

TEST_CASE("an employee changes the own data on the page, what is wrong is said at once and stays in the form") {
  const App app;
  Browser browser(app.port());
  log_in_piotr(browser);
  const Reply page = browser.get("/account/data");
  CHECK(page.status == 200);
  CHECK(has(page.body, "(mandatory)"));
  const PageForm form = page.form("/account/data");
  const Reply wrong =
      browser.submit(form, with(with(piotrs(), "email", "\"><script>alert(1)</script>"), "login", "p p"));
  CHECK(wrong.status == 422);
  CHECK(has(wrong.body, "This is not a valid e-mail address."));
  CHECK(has(wrong.body, "The login name must have 3 to 50 characters"));
  CHECK(has(wrong.body, "value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""));
  CHECK_FALSE(has(wrong.body, "<script>alert"));
  const Reply saved = browser.submit(form, with(piotrs(), "login", "piotr.w"));
  CHECK(saved.location() == "/account/data?said=saved");
  CHECK(account(app, "piotr.w").preferred_channel == "sms");
}

TEST_CASE("somebody who has chosen no channel can save the form as it is: a channel that can be used is offered") {
  const App app;
  REQUIRE(app.house().store.write(
      [&](store::Tx& tx) { return store::set_preferred_channel(tx, account(app, "piotr.wisniewski").id, ""); }));
  Browser browser(app.port());
  log_in_piotr(browser);
  const Reply page = browser.get("/account/data");
  CHECK_FALSE(has(page.body, "<option value=\"\""));
  CHECK((has(page.body, "<option value=\"email\" selected") || has(page.body, "<option value=\"sms\" selected")));
}

TEST_CASE("whoever asks for a channel without an address is told so at its row, although no page offers it") {
  const App app;
  flow::NewAccount ewa;
  ewa.login = "ewa.lis";
  ewa.given_name = "Ewa";
  ewa.family_name = "Lis";
  ewa.email = "ewa.lis@clinic.example";
  ewa.trusted_addresses = true;
  ewa.password = base::Secret("Garden-Cobalt-2026");
  ewa.must_change = false;
  app.add_account(ewa);
  Browser browser(app.port());
  App::log_in(browser, "ewa.lis", "Garden-Cobalt-2026");
  const PageForm form = browser.get("/account/data").form("/account/data");
  const Reply absent =
      browser.post("/account/data",
                   {{"csrf", form.field("csrf")}, {"version", form.field("version")}, {"preferred_channel", "sms"}});
  CHECK(absent.status == 422);
  CHECK(has(row(absent, "preferred_channel"), "There is no address or number for this channel"));
}

TEST_CASE("one field is sent alone: its row says what was done and holds the code, and nothing else is changed") {
  const App app;
  Browser browser(app.port());
  log_in_piotr(browser);
  const identity::Account before = account(app, "piotr.wisniewski");
  const PageForm form = browser.get("/account/data").form("/account/data");
  const auto send = [&](const Fields& fields) {
    Fields all{{"csrf", form.field("csrf")}, {"version", std::to_string(account(app, "piotr.wisniewski").version)}};
    all.insert(all.end(), fields.begin(), fields.end());
    return browser.post("/account/data", all);
  };
  const Reply wrong = send({{"phone", "600 55"}});
  CHECK(wrong.status == 422);
  CHECK(has(row(wrong, "phone"), "<details class=\"change\" name=\"change\" open>"));
  CHECK(has(row(wrong, "phone"), "value=\"600 55\""));
  CHECK(has(row(wrong, "phone"), "aria-invalid=\"true\" aria-describedby=\"phone-wrong\" autofocus"));
  CHECK(has(row(wrong, "phone"), "This is not a phone number"));
  CHECK_FALSE(has(row(wrong, "email"), " open"));
  CHECK_FALSE(has(row(wrong, "preferred_channel"), " open"));

  const Reply sent = send({{"phone", "600 555 444"}});
  CHECK(sent.location() == "/account/data?said=sent&field=phone");
  const Reply asking = browser.get(sent.location());
  CHECK(has(row(asking, "phone"), "A code was sent to +48 600 555 444."));
  CHECK(has(row(asking, "phone"),
            "id=\"code-phone\" name=\"code\" type=\"text\" inputmode=\"numeric\" "
            "autocomplete=\"one-time-code\""));
  CHECK(count(asking.body, "autofocus") == 1);
  CHECK(has(row(asking, "phone"), " autofocus>"));
  CHECK_FALSE(has(row(asking, "email"), "name=\"code\""));
  const identity::Account after = account(app, "piotr.wisniewski");
  CHECK(after.phone == before.phone);
  CHECK(after.email == before.email);
  CHECK(after.preferred_channel == before.preferred_channel);
}

TEST_CASE(
    "the row of a wrong code says so and keeps its field, and a new code has to wait, also for who asks by force") {
  const App app;
  Browser browser(app.port());
  log_in_piotr(browser);
  REQUIRE(browser.submit(browser.get("/account/data").form("/account/data"), {{"phone", "+48600555444"}}).status ==
          303);
  const PageForm form = browser.get("/account/data").form("/account/data/verify");
  const Reply wrong = browser.submit(form, {{"code", "12 34"}, {"action", "confirm"}});
  CHECK(wrong.status == 422);
  CHECK(has(row(wrong, "phone"), "The code is not right."));
  CHECK(has(row(wrong, "phone"), "aria-describedby=\"code-phone-wrong\" autofocus"));
  const Reply early = browser.submit(form, {{"action", "send"}});
  CHECK(early.status == 422);
  CHECK(has(row(early, "phone"), "You can send a new code from "));
  CHECK(has(row(early, "phone"), "data-wait=\""));
  const Reply dropped = browser.submit(form, {{"action", "drop"}});
  CHECK(dropped.location() == "/account/data?said=dropped&field=phone");
  CHECK(has(row(browser.get(dropped.location()), "phone"), "The change was cancelled; +48 600 100 203 stays."));
}

TEST_CASE("a number that is confirmed is called a number, and the page says nothing that is not so") {
  const App app;
  Browser browser(app.port());
  log_in_piotr(browser);
  CHECK(has(browser.get("/account/data?said=verified&field=phone").body,
            "The phone number +48 600 100 203 is confirmed and is used from now on."));
  for (const char* untrue : {"said=verified&field=login", "said=sent&field=phone", "said=removed&field=phone",
                             "said=verified", "said=%3Cb%3E&field=phone", "said=saved&field=%3Cb%3E"}) {
    CHECK_FALSE(has(browser.get(std::string("/account/data?") + untrue).body, "role=\"status\""));
  }
}

TEST_CASE("technical identifiers and certificates are folded until somebody wants them, and no PEM is shown") {
  const App app;
  Browser browser(app.port());
  log_in_piotr(browser);
  const std::string page = browser.get("/account/data").body;
  CHECK(count(page, "<details class=\"card fold\">") == 2);
  CHECK_FALSE(has(page, "<details class=\"change\" name=\"change\" open>"));
  const Reply asked = browser.get("/account/data?change=epuap_account");
  CHECK(has(asked.body, "<details class=\"card fold\" open>"));
  CHECK(has(row(asked, "epuap_account"), "<details class=\"change\" name=\"change\" open>"));
  const PageForm form = browser.get("/account/data").form("/account/data/certificate");
  REQUIRE(upload(browser, form.field("csrf"), certificate_pem).location() == "/account/data?said=added");
  const std::string added = browser.get("/account/data?said=added").body;
  CHECK(has(added, "Certificates (1)"));
  // Beside the fold: nobody has to open it to see which one is registered.
  const std::string folded = browser.get("/account/data").body;
  const std::size_t begin = folded.find("Certificates (1)");
  REQUIRE(begin != std::string::npos);
  const std::string summary = folded.substr(begin, folded.find("</summary>", begin) - begin);
  CHECK(has(summary, ", valid until "));
  CHECK_FALSE(has(summary, "CN="));
  CHECK_FALSE(has(added, "BEGIN CERTIFICATE"));
}

TEST_CASE("a stored script is text on every page that shows it") {
  const App app;
  Browser browser(app.port());
  log_in_piotr(browser);
  Fields fields = with(with(piotrs(), "login", "<script>1</script>"), "epuap_account", "a-1");
  CHECK(browser.submit(browser.get("/account/data").form("/account/data"), fields).status == 303);
  const PageForm form = browser.get("/account/data").form("/account/data/certificate");
  CHECK(upload(browser, form.field("csrf"), certificate_pem).location() == "/account/data?said=added");
  for (const char* path : {"/account/data", "/account"}) {
    const Reply page = browser.get(path);
    CHECK(page.status == 200);
    CHECK_FALSE(has(page.body, "<script>1"));
    CHECK_FALSE(has(page.body, "<script>alert"));
  }
  Browser administrator(app.port());
  log_in_anna(administrator);
  CHECK_FALSE(has(administrator.get("/admin/accounts").body, "<script>1"));
  CHECK_FALSE(has(administrator.get("/admin/outbox").body, "<script>1"));
}

TEST_CASE("fields that the form does not have change nothing") {
  const App app;
  Browser browser(app.port());
  log_in_piotr(browser);
  const identity::Account before = account(app, "piotr.wisniewski");
  Fields fields = with(piotrs(), "login", "piotr.w");
  for (const auto& [name, value] : Fields{{"kind", "service"},
                                          {"status", "suspended_admin"},
                                          {"email_verified", "1"},
                                          {"verified_at", "1"},
                                          {"person_id", before.id.to_string()},
                                          {"account_id", account(app, "jan.nowak").id.to_string()},
                                          {"id", account(app, "jan.nowak").id.to_string()},
                                          {"tenant_id", "x"},
                                          {"role", "super_administrator"},
                                          {"context", "super_administrator"},
                                          {"main_account_id", before.id.to_string()},
                                          {"redirect_to_main", "yes"},
                                          {"security_stamp", "9"},
                                          {"pesel", "44051401359"}}) {
    fields.emplace_back(name, value);
  }
  CHECK(browser.submit(browser.get("/account/data").form("/account/data"), fields).status == 303);
  const identity::Account after = account(app, "piotr.w");
  CHECK(after.id == before.id);
  CHECK(after.kind == before.kind);
  CHECK(after.status == before.status);
  CHECK(after.person_id == before.person_id);
  CHECK(after.security_stamp == before.security_stamp);
  CHECK_FALSE(after.main_account_id);
  CHECK_FALSE(after.redirects_to_main);
  CHECK(account(app, "jan.nowak").version == 0);
}

TEST_CASE("the page of sub accounts is for main accounts: an employee has neither the page nor its entry in the menu") {
  const App app;
  Browser piotr(app.port());
  log_in_piotr(piotr);
  CHECK(piotr.get("/account/sub-accounts").status == 403);
  CHECK_FALSE(has(piotr.get("/account").body, "/account/sub-accounts"));
  Browser anna(app.port());
  log_in_anna(anna);
  CHECK(anna.get("/account/sub-accounts").status == 200);
  CHECK(has(anna.get("/account").body, "/account/sub-accounts"));
}

TEST_CASE("failures from elsewhere stand highlighted on the main page after the login, and are gone after the next") {
  const App app;
  Browser stranger(app.port());
  for (int i = 0; i < 3; ++i) App::log_in(stranger, "piotr.wisniewski", "wrong");
  Browser browser(app.port());
  log_in_piotr(browser);
  const std::string told = browser.get("/account").body;
  CHECK(has(told, "3 failed attempts"));
  CHECK(has(told, "class=\"notice\""));
  Browser next(app.port());
  log_in_piotr(next);
  const std::string quiet = next.get("/account").body;
  CHECK_FALSE(has(quiet, "failed attempts"));
  CHECK_FALSE(has(quiet, "class=\"notice\""));
}

TEST_CASE("a recipient sees all that is stored and has no form to change it, and a forged one is refused") {
  const App app;
  Browser browser(app.port());
  log_in_jan(browser);
  CHECK(has(browser.get("/account/data").body, "<dt>Groups</dt><dd>none</dd>"));
  for (const char* group : {"ward seven", "diabetes study"}) {
    const auto by = flow::make_operator("test");
    REQUIRE(flow::create_group(app.house(), by, {"", group}, {"", "", "test", base::now()}));
    REQUIRE(flow::add_member(app.house(), by, {group, "jan.nowak"}, {"", "", "test", base::now()}));
  }
  const Reply page = browser.get("/account/data");
  CHECK(page.status == 200);
  CHECK(has(page.body, "<dd>jan.nowak</dd>"));
  CHECK(has(page.body, "<dt>Groups</dt><dd>diabetes study, ward seven</dd>"));
  for (const char* stored :
       {"<dt>Preferred channel for messages</dt><dd>", "<dt>Language of pages and messages</dt><dd>",
        "<dt>Kind of account</dt><dd>", "<dt>Contexts</dt><dd>Ordinary user</dd>", "<dt>Account created</dt><dd>"}) {
    CHECK_MESSAGE(has(page.body, stored), stored);
  }
  CHECK(page.form("/account/data").action.empty());
  CHECK(browser.get("/account/sub-accounts").status == 403);
  Fields forged = piotrs();
  forged.emplace_back("csrf", "made-up");
  CHECK(browser.post("/account/data", forged).status >= 400);
  CHECK(account(app, "jan.nowak").version == 0);
}

TEST_CASE("an organisation sees its name in its own data, and an employee the employer") {
  const App app;
  const auto create = [&](const char* login, identity::AccountKind kind) {
    flow::NewAccount wished;
    wished.login = login;
    wished.kind = kind;
    wished.organisation = "Przychodnia Sp. z o.o.";
    if (kind == identity::AccountKind::employee) wished.family_name = "Wrona";
    if (kind == identity::AccountKind::legal_person) wished.identifiers = {{"nip", "1234563218"}};
    wished.password = base::Secret("Granite-Sparrow-7");
    wished.must_change = false;
    REQUIRE(flow::create_account(app.house(), flow::make_operator("test"), wished, {"", "", "test", base::now()}));
    Browser browser(app.port());
    App::log_in(browser, login, "Granite-Sparrow-7");
    return browser.get("/account/data").body;
  };
  CHECK(has(create("firma", identity::AccountKind::legal_person), "<dt>Name</dt><dd>Przychodnia Sp. z o.o.</dd>"));
  const std::string of_person = create("jan.wrona", identity::AccountKind::employee);
  CHECK(has(of_person, "<dt>Name</dt><dd>Wrona</dd>"));
  CHECK(has(of_person, "<dt>Company, practice or system</dt><dd>Przychodnia Sp. z o.o.</dd>"));
}

TEST_CASE("no form of one's own data works without its token, or with that of another form") {
  const App app;
  Browser browser(app.port());
  log_in_piotr(browser);
  const std::string foreign = browser.get("/account/data").form("/account/data/certificate").field("csrf");
  for (const char* path : {"/account/data", "/account/data/verify", "/account/data/certificate/remove",
                           "/account/sub-accounts", "/account/confirm", "/admin/outbox"}) {
    Fields fields = with(piotrs(), "login", "piotr.w");
    CHECK(browser.post(path, fields).status >= 400);
    fields.emplace_back("csrf", foreign);
    CHECK(browser.post(path, fields).status >= 400);
  }
  CHECK(account(app, "piotr.wisniewski").version == 0);
}

TEST_CASE("without a fresh proof the form asks for the password and loses nothing of what was typed") {
  const App app([](app::Config& config) { config.settings.proof.lasts = base::Duration(0); });
  Browser browser(app.port());
  log_in_piotr(browser);
  const PageForm form = browser.get("/account/data").form("/account/data");
  Fields fields = with(piotrs(), "login", "piotr.w");
  const Reply asked = browser.submit(form, fields);
  CHECK(asked.status == 422);
  CHECK(has(asked.body, "Please enter your password"));
  CHECK(has(asked.body, "value=\"piotr.w\""));
  fields.emplace_back("password", "Wrong-Password-1");
  const Reply wrong = browser.submit(form, fields);
  CHECK(wrong.status == 422);
  CHECK_FALSE(has(wrong.body, "Wrong-Password-1"));
  CHECK(account(app, "piotr.wisniewski").version == 0);
  CHECK(app.events("proof").size() == 1);
}

TEST_CASE("a file that is no certificate, or a broken upload, is refused and stored nowhere") {
  const App app;
  Browser browser(app.port());
  log_in_piotr(browser);
  const std::string csrf = browser.get("/account/data").form("/account/data/certificate").field("csrf");
  CHECK(upload(browser, csrf, "garbage").status == 422);
  CHECK(upload(browser, csrf, std::string(65'000, 'x')).status == 422);
  CHECK(upload(browser, csrf, std::string(300'000, 'x')).status == 413);
  Browser second(app.port());
  log_in_piotr(second);
  for (const char* type :
       {"multipart/form-data", "multipart/form-data; boundary=other", "multipart/form-data; boundary=\"\""}) {
    const Reply reply =
        second.request("POST", "/account/data/certificate",
                       {{"Content-Type", type}, {"Origin", "http://" + second.host}}, multipart({{"csrf", csrf}}, "x"));
    CHECK(reply.status == 400);
  }
  const Reply doubled =
      second.request("POST", "/account/data/certificate",
                     {{"Content-Type", "multipart/form-data; boundary=mark"}, {"Origin", "http://" + second.host}},
                     multipart({{"csrf", csrf}, {"file", "another"}}, "x"));
  CHECK(doubled.status == 400);
}

TEST_CASE("the outbox is for administrators of accounts; others neither see nor touch it") {
  const App app;
  Browser browser(app.port());
  log_in_piotr(browser);
  CHECK(browser.get("/admin/outbox").status == 403);
  Browser administrator(app.port());
  log_in_anna(administrator);
  CHECK(administrator.get("/admin/outbox").status == 200);
  // A change of the address writes a message. It waits, because no mail server is configured here.
  CHECK(
      browser.submit(browser.get("/account/data").form("/account/data"), with(piotrs(), "email", "p.w@clinic.example"))
          .location() == "/account/data?said=sent");
  const Reply list = administrator.get("/admin/outbox");
  CHECK(has(list.body, "p…@clinic.example"));
  CHECK_FALSE(has(list.body, "p.w@clinic.example"));
  // The first form of the page is the filter. The form of the message is in the table.
  Reply table = list;
  table.body.erase(table.body.find("<form class=\"filters\""),
                   table.body.find("<table") - table.body.find("<form class=\"filters\""));
  const PageForm form = table.form("/admin/outbox");
  CHECK(browser.submit(form, {{"action", "drop"}}).status >= 400);
  CHECK(administrator.submit(form, {{"action", "drop"}}).status == 303);
  CHECK(app.events("message_drop").size() == 1);
}

TEST_CASE(
    "who proved himself too long ago is asked again before a message is dropped or sent anew, and comes back to the "
    "outbox") {
  const App app([](app::Config& config) { config.settings.proof.lasts = base::Duration(0); });
  REQUIRE(flow::start_reset_for(app.house(), flow::make_operator("test"), "piotr.wisniewski",
                                {"127.0.0.1", "test", "test", base::now()}));
  Browser administrator(app.port());
  log_in_anna(administrator);
  for (const char* action : {"drop", "retry"}) {
    // The proof has given the session a new id, so that the earlier page has no token for it.
    Reply table = administrator.get("/admin/outbox");
    table.body.erase(0, table.body.find("<table"));
    table.body.insert(0, "<main>");
    const PageForm form = table.form("/admin/outbox");
    REQUIRE_FALSE(form.field("id").empty());
    const Reply asked = administrator.submit(form, {{"action", action}});
    CHECK(asked.status == 303);
    REQUIRE(asked.location().starts_with("/account/confirm?next=" + base::percent_encode("/admin/outbox?confirm=")));
    const PageForm proof = administrator.get(asked.location()).form("/account/confirm");
    CHECK(administrator.submit(proof, {{"password", "Meadow-Violet-2026"}}).location() ==
          std::string("/admin/outbox?confirm=") + action + "&id=" + form.field("id"));
  }
  CHECK(app.events("message_drop").empty());
  CHECK(app.events("message_retry").empty());
  const auto items = app.house().store.read([](store::Tx& tx) { return store::list_outbox(tx, 10); }).value();
  REQUIRE_FALSE(items.empty());
  CHECK(std::all_of(items.begin(), items.end(), [](const auto& item) { return item.state == "pending"; }));
}

TEST_CASE("where the confirmation leads is a place of ours") {
  const App app;
  Browser browser(app.port());
  log_in_piotr(browser);
  for (const char* next : {"https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"}) {
    const Reply page = browser.get("/account/confirm?next=" + base::percent_encode(next));
    const PageForm form = page.form("/account/confirm");
    CHECK(form.field("next") == "/account");
  }
  const Reply done = browser.submit(browser.get("/account/confirm?next=/account/data").form("/account/confirm"),
                                    {{"password", "Forest-Amber-2026"}});
  CHECK(done.location() == "/account/data");
}

TEST_CASE("everyone chooses the language of the account in My data, also who may not change other data") {
  const App app;
  Browser jan(app.port());
  door::log_in_jan(jan);
  const Reply before = jan.get("/account/data");
  REQUIRE(before.form("/account/data").action.empty());  // a recipient
  CHECK(has(before.body, "<p class=\"value\">not chosen – as in your browser</p>"));
  const Reply chosen = jan.submit(before.form("/account/language"), {{"lang", "de"}});
  CHECK(chosen.location() == "/account/data?said=saved&field=locale");
  const Reply after = jan.get(chosen.location());
  CHECK(has(after.body, "<html lang=\"de\">"));
  CHECK(has(after.body, "<p class=\"value\">Deutsch</p>"));
  CHECK(has(after.body, "Seiten und Nachrichten an Sie erscheinen jetzt in dieser Sprache: Deutsch."));
  CHECK(has(after.body, "<option value=\"de\" lang=\"de\" selected>"));
  // In another browser as well, and a language that does not exist changes nothing.
  Browser elsewhere(app.port());
  door::log_in_jan(elsewhere);
  CHECK(has(elsewhere.get("/account", {{"Accept-Language", "pl"}}).body, "<html lang=\"de\">"));
  CHECK(jan.submit(after.form("/account/language"), {{"lang", "xx"}}).status == 400);
  CHECK(has(jan.get("/account/data").body, "<p class=\"value\">Deutsch</p>"));
  REQUIRE(app.events("account_change").size() == 1);
  CHECK(app.events("account_change").front().data == R"({"locale":"de"})");
}
