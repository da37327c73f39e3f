// An administrator adds accounts in the browser; others, and other people's values, are refused.
#include <doctest/doctest.h>

#include <algorithm>

#include "app/config/config.hpp"
#include "door/app_fixture.hpp"
#include "flow/account/create_account.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/house/make_operator.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr const char* page = "/admin/accounts/new";

struct Anna : Browser {
  explicit Anna(const App& app) : Browser(app.port()) { door::log_in_anna(*this); }
  /// Sends the form of a new person with these values instead of the usual ones.
  Reply create(const Fields& other = {}) {
    Fields typed{{"given_name", "Ewa"},
                 {"family_name", "Lis"},
                 {"kind", "employee"},
                 {"login", "ewa.lis"},
                 {"email", "ewa.lis@clinic.example"},
                 {"context.user", "yes"},
                 {"begin", "invitation"}};
    for (const auto& [name, value] : other) {
      const auto found = std::find_if(typed.begin(), typed.end(), [&](const auto& one) { return one.first == name; });
      if (found == typed.end()) {
        typed.emplace_back(name, value);
      } else {
        found->second = value;
      }
    }
    return submit(get(page).form(page), typed);
  }
};

std::optional<identity::Account> find(const App& app, const std::string& login) {
  const auto found = flow::find_named_account(app.house(), flow::make_operator("test"), login, base::now());
  return found ? std::optional(*found) : std::nullopt;
}

}  // namespace

TEST_CASE("an administrator adds a colleague by an invitation, and the page says where it went") {
  const App app;
  Anna anna(app);
  CHECK(has(anna.get("/admin/accounts").body, "href=\"/admin/accounts/new\""));
  const Reply done = anna.create();
  REQUIRE(done.status == 303);
  const Reply account = anna.follow(done);
  CHECK(has(account.body, "An invitation is on its way to Ewa Lis by e-mail to e…@clinic.example."));
  CHECK(has(account.body, "invited"));
  CHECK(has(account.body, "Send the invitation again"));
  const auto made = find(app, "ewa.lis");
  REQUIRE(made);
  CHECK(made->status == identity::AccountStatus::invited);
  CHECK(made->email_given);
}

TEST_CASE("what is wrong stands at its field, what was typed stays, and nothing says whose a taken value is") {
  const App app;
  Anna anna(app);
  const Reply refused = anna.create({{"login", "jan.nowak"},
                                     {"email", "anna.kowalska@clinic.example"},
                                     {"phone", "0172 34567890"},
                                     {"pesel", "44051401358"},
                                     {"family_name", "Wrona"}});
  CHECK(refused.status == 422);
  for (const char* field : {"login", "email", "phone", "pesel"}) {
    CHECK_MESSAGE(has(refused.body, "id=\"" + std::string(field) + "-wrong\""), field);
    CHECK_MESSAGE(has(refused.body, "<a href=\"#" + std::string(field) + "\">"), field);
  }
  CHECK(has(refused.body, "+49 172 34567890"));
  CHECK(has(refused.body, "value=\"Wrona\""));
  CHECK_FALSE(has(refused.body, "Nowak"));
  CHECK(has(refused.body, "E-mail address: already used by another account. Please check your entry"));
  CHECK_FALSE(has(refused.body, "If it is yours"));
  CHECK(app.events("account_create").size() == App().events("account_create").size());
}

TEST_CASE("an initial password is typed twice and keeps the policy, and must be changed at the first login") {
  const App app;
  Anna anna(app);
  const Fields by_password{{"begin", "password"}};
  const auto with = [&](const std::string& typed, const std::string& repeated) {
    return anna.create({{"begin", "password"}, {"new_password", typed}, {"new_password_repeat", repeated}});
  };
  CHECK(has(with("", "").body, "Please enter an initial password, or choose the invitation."));
  CHECK(has(with("Lantern-Cedar-2026", "Lantern-Cedar-2025").body, "The two passwords are not the same."));
  const Reply weak = with("short", "short");
  CHECK(weak.status == 422);
  CHECK(has(weak.body, "<a href=\"#new_password\">Too short"));
  CHECK_FALSE(has(weak.body, "value=\"short\""));
  CHECK_FALSE(find(app, "ewa.lis"));
  CHECK(with("Lantern-Cedar-2026", "Lantern-Cedar-2026").status == 303);
  Browser ewa(app.port());
  const Reply first = App::log_in(ewa, "ewa.lis", "Lantern-Cedar-2026");
  CHECK(has(first.body, "action=\"/login/change\""));
}

TEST_CASE("an organisation and an IT system have forms of their own, and the list tells the kinds apart") {
  const App app;
  Anna anna(app);
  const auto create = [&](const std::string& sort, const Fields& typed) {
    return anna.submit(anna.get(std::string(page) + "?sort=" + sort).form(page), typed);
  };
  const std::string organisation = anna.get(std::string(page) + "?sort=legal_person").body;
  CHECK(has(organisation, "name=\"nip\""));
  CHECK_FALSE(has(organisation, "name=\"pesel\""));
  CHECK_FALSE(has(organisation, "name=\"begin\""));
  CHECK(create("legal_person", {{"organisation", "Apteka Zdrowie"}, {"login", "apteka"}}).status == 422);
  CHECK(
      create("legal_person", {{"organisation", "Apteka Zdrowie"}, {"login", "apteka"}, {"nip", "1234563218"}}).status ==
      303);
  CHECK(create("client_system", {{"organisation", "Practice program"}, {"login", "practice"}}).status == 303);
  const std::string systems = anna.get("/admin/accounts?kind=client_system").body;
  CHECK(has(systems, "Practice program"));
  CHECK_FALSE(has(systems, "Apteka Zdrowie"));
  CHECK_FALSE(has(systems, "jan.nowak"));
  CHECK(has(anna.get("/admin/accounts?kind=legal_person").body, "Apteka Zdrowie"));
  CHECK(anna.get("/admin/accounts?kind=robot").status == 400);
}

TEST_CASE("without the permission the form is refused, shown or sent") {
  const App app;
  Browser jan(app.port());
  door::log_in_jan(jan);
  CHECK(jan.get(page).status == 403);
  CHECK_FALSE(has(jan.get("/account").body, page));
  Anna anna(app);
  auto form = anna.get(page).form(page);
  CHECK(jan.submit(form, {{"login", "x.y"}}).status == 403);
  CHECK_FALSE(find(app, "x.y"));
}

TEST_CASE(
    "fields that the form does not have change nothing: more rights, another tenant, a status, a verified address") {
  const App app;
  Anna anna(app);
  const Reply done = anna.create({{"context.super_administrator", "yes"},
                                  {"status", "active"},
                                  {"tenant_id", "0199"},
                                  {"email_verified", "yes"},
                                  {"trusted_addresses", "yes"},
                                  {"is_main", "yes"},
                                  {"must_change", "no"},
                                  {"id", "0199"}});
  CHECK(done.status == 303);
  const auto made = find(app, "ewa.lis");
  REQUIRE(made);
  CHECK(made->status == identity::AccountStatus::invited);
  CHECK_FALSE(made->email_verified);
  CHECK_FALSE(made->is_main);
  CHECK(made->tenant_id == find(app, "anna.kowalska")->tenant_id);
  const std::string grants = app.events("account_create").front().data;
  CHECK(has(grants, "\"contexts\":\"user\""));
}

TEST_CASE("a script in a name is text on every page that shows the account") {
  const App app;
  Anna anna(app);
  const std::string script = "<script>alert(1)</script>";
  const Reply done = anna.create({{"given_name", script}, {"family_name", "\"><img src=x>"}, {"organisation", script}});
  REQUIRE(done.status == 303);
  for (const std::string& shown : {anna.follow(done).body, anna.get("/admin/accounts").body}) {
    CHECK(has(shown, "&lt;script&gt;"));
    CHECK_FALSE(has(shown, script));
    CHECK_FALSE(has(shown, "<img src=x>"));
  }
}
