// Who opens the pages of the connector: every role, under every setting, on every listener. The settings are about
// programs and must never decide about people; so nobody can lock the administrators out with them.
#include "door/connector/practice.hpp"
#include "flow/tenant/administer_contexts.hpp"
#include "rights/role.hpp"
#include "store/tenant/tenants.hpp"

using door::Browser;
using door::Practice;

namespace {

constexpr const char* password = "Granite-Sparrow-2026";

struct Person {
  std::string role;
  bool may_manage = false;
  std::unique_ptr<Browser> at_ordinary;
  std::unique_ptr<Browser> at_connector;
};

struct Staff : Practice {
  Staff() {
    const std::string tenant = app.house().store.read([](store::Tx& tx) { return store::find_first_tenant(tx); })->key;
    for (const rights::BuiltInRole& role : rights::built_in_roles()) {
      const std::string key(role.key);
      REQUIRE(flow::create_acting_context(app.house(), ada, {tenant, "in_" + key}, {.role = key}, facts()));
      flow::NewAccount wished;
      wished.login = key + ".person";
      wished.given_name = "Zofia";
      wished.family_name = "Nowak";
      wished.contexts = {"in_" + key};
      wished.password = base::Secret(password);
      wished.must_change = false;
      app.add_account(wished);
      people.push_back({key, role.permissions.has(rights::Permission::manage_systems),
                        log_in(wished.login, app.port(), ""),
                        log_in(wished.login, app.server->port("pages"), "/administration")});
    }
  }
  /// `prefix`: of the addresses at that listener.
  [[nodiscard]] std::unique_ptr<Browser> log_in(const std::string& login, std::uint16_t port,
                                                const std::string& prefix) const {
    auto browser = std::make_unique<Browser>(port);
    const door::Reply form = browser->follow(browser->get(prefix + "/admin/systems"));
    browser->follow(browser->submit(form.form(prefix + "/login/password"), {{"login", login}, {"password", password}}));
    return browser;
  }

  std::vector<Person> people;
};

}  // namespace

TEST_CASE("every role under every setting on every listener: the pages follow the role alone") {
  Staff f;
  f.add("Z1");
  for (const bool tls_only : {true, false}) {
    for (const bool is_mandatory : {true, false}) {
      for (const char* mode : {"certificate", "password"}) {
        f.demand({tls_only, is_mandatory, mode, false});
        CAPTURE(tls_only);
        CAPTURE(is_mandatory);
        CAPTURE(mode);
        for (const Person& person : f.people) {
          CAPTURE(person.role);
          const int expected = person.may_manage ? 200 : 403;
          CHECK(person.at_ordinary->get("/admin/systems").status == expected);
          CHECK(person.at_connector->get("/administration/admin/systems").status == expected);
          CHECK(person.at_ordinary->get("/administration/admin/systems").status == 404);
          CHECK(person.at_connector->get("/admin/systems").status == 404);
        }
        CHECK(f.ask("/administration/admin/systems").status == 303);
        CHECK(f.ask_plain("/administration/admin/systems").status == 404);
      }
    }
  }
}
