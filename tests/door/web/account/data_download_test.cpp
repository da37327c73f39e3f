// The file with all that is stored about a person.
#include <doctest/doctest.h>

#include "app/config/config.hpp"
#include "door/app_fixture.hpp"
#include "door/oidc/code_flow.hpp"
#include "store/account/accounts.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::PageForm;
using door::Reply;

constexpr const char* page = "/account/data/download";

Reply download(Browser& browser, const std::string& format) {
  return browser.submit(browser.get(page).form(page), {{"format", format}});
}

void set_language(const App& app, const std::string& login, const std::string& code) {
  REQUIRE(app.house().store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto account, store::find_account_by_login(tx, login, base::now()));
    return store::set_locale(tx, account->id, code);
  }));
}

}  // namespace

TEST_CASE("employees and patients get a file to keep, which no cache keeps, and each download is recorded") {
  const App app;
  for (const bool is_employee : {true, false}) {
    Browser browser(app.port());
    if (is_employee)
      App::log_in(browser, "piotr.wisniewski", "Forest-Amber-2026");
    else
      door::log_in_jan(browser);
    CHECK(has(browser.get("/account/data").body, "href=\"/account/data/download\""));
    for (const std::string format : {"json", "html"}) {
      const Reply file = download(browser, format);
      CHECK(file.status == 200);
      CHECK(has(file.header("content-disposition"), "attachment; filename=\"my-data-"));
      CHECK(has(file.header("content-disposition"), "." + format + "\""));
      CHECK(file.header("cache-control") == "no-store");
      CHECK(has(file.header("content-type"), format == "json" ? "application/json" : "text/html"));
      CHECK(has(file.body, is_employee ? "piotr.wisniewski" : "jan.nowak"));
      CHECK_FALSE(has(file.body, is_employee ? "jan.nowak" : "piotr.wisniewski"));
    }
  }
  CHECK(app.events("data_export").size() == 4);
}

TEST_CASE("the file to read has no part from elsewhere, speaks the person's language, and shows a script as text") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "piotr.wisniewski", "Forest-Amber-2026");
  REQUIRE(
      browser.submit(browser.get("/account/data").form("/account/data"), {{"login", "<script>1</script>"}}).status ==
      303);
  const std::pair<const char*, const char*> headings[] = {
      {"en", "Known devices"}, {"de", "Bekannte Geräte"}, {"pl", "Znane urządzenia"}};
  for (const auto& [language, heading] : headings) {
    set_language(app, "<script>1</script>", language);
    const std::string file = download(browser, "html").body;
    CHECK(has(file, "<html lang=\"" + std::string(language) + "\">"));
    CHECK(has(file, heading));
    CHECK(has(file, "&lt;script&gt;1"));
    CHECK(has(file, "default-src 'none'"));
    for (const char* part : {"<script", "<link", "<img", "<a ", " src=", "url("}) CHECK_MESSAGE(!has(file, part), part);
  }
}

TEST_CASE("the file to read names the applications to which the person logged in") {
  const App app;
  Browser browser(app.port());
  door::log_in_jan(browser);
  REQUIRE(has(browser.get(door::authorize_path()).location(), "code="));
  const std::string file = download(browser, "html").body;
  const auto begin = file.find("<h2>Access of applications</h2>");
  REQUIRE(begin != std::string::npos);
  const std::string table = file.substr(begin, file.find("</table>", begin) - begin);
  CHECK_MESSAGE(has(table, "<td>Clinic portal</td>"), table);
  CHECK_FALSE(has(file, "demo-portal"));
  const std::string machine = download(browser, "json").body;
  CHECK(has(machine, R"("applications":{"demo-portal":"Clinic portal"})"));
}

TEST_CASE("without a fresh proof the page offers no file, and a form that is sent by force leads to the proof") {
  const App app([](app::Config& config) { config.settings.proof.lasts = base::Duration(0); });
  Browser browser(app.port());
  door::log_in_jan(browser);
  const Reply offered = browser.get(page);
  CHECK(offered.form(page).action.empty());
  CHECK(has(offered.body, "href=\"/account/confirm?next=%2Faccount%2Fdata%2Fdownload\""));
  CHECK(app.events("data_export").empty());
}

TEST_CASE("a proof that became too old leads back to the page, and nothing was given") {
  const App app;
  Browser browser(app.port());
  door::log_in_jan(browser);
  const PageForm form = browser.get(page).form(page);
  CHECK(browser.submit(form, {{"format", "xml"}}).status == 400);
  CHECK(browser.post(page, {{"csrf", "made-up"}, {"format", "json"}}).status == 403);
  CHECK(browser.post(page, {{"format", "json"}}).status == 403);
  CHECK(Browser(app.port()).post(page, {{"csrf", form.field("csrf")}, {"format", "json"}}).status != 200);
  CHECK(app.events("data_export").empty());
}

TEST_CASE("before a deletion the file is offered, and who has sub accounts reads what becomes of them") {
  const App app;
  Browser jan(app.port());
  door::log_in_jan(jan);
  const std::string leaving = jan.get("/account/delete").body;
  CHECK(has(leaving, "href=\"/account/data/download\""));
  CHECK_FALSE(has(leaving, "without a main account"));
  CHECK_FALSE(has(jan.get("/account/suspend").body, "href=\"/account/data/download\""));
  Browser anna(app.port());
  door::log_in_anna(anna);
  CHECK_FALSE(has(anna.get("/account/delete").body, "without a main account"));
  const PageForm form = anna.get("/account/sub-accounts").form("/account/sub-accounts");
  REQUIRE(anna.submit(form, {{"login", "deputy"}, {"given_name", "Ewa"}, {"email", "deputy@clinic.example"}}).status ==
          303);
  CHECK(has(anna.get("/account/delete").body, "Your sub account stays, but without a main account."));
}
