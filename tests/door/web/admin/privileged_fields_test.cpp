// A field that a form does not have has no effect, whatever it is called: what only the server or another form sets is
// in no form's wish (security rule 10).
#include <doctest/doctest.h>

#include <algorithm>

#include "app/config/config.hpp"
#include "door/app_fixture.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/make_operator.hpp"
#include "store/account/contexts.hpp"
#include "store/engine/store.hpp"
#include "store/group/groups.hpp"

namespace {

using door::App;
using door::Browser;
using door::PageForm;
using door::Reply;
using Fields = std::vector<std::pair<std::string, std::string>>;

identity::Account find(const App& app, const std::string& login) {
  const auto found = flow::find_named_account(app.house(), flow::make_operator("test"), login, base::now());
  REQUIRE_MESSAGE(found, login);
  return *found;
}

/// What no form of this account sets, in words.
std::string describe(const App& app, const std::string& login) {
  const identity::Account account = find(app, login);
  return app.house()
      .store
      .read([&](store::Tx& tx) -> base::Result<std::string> {
        std::string text(identity::name_of(account.status));
        text.append(" ").append(identity::name_of(account.kind)).append(" ").append(account.tenant_id.to_string());
        text.append(account.is_main ? " main" : "").append(account.external ? " external" : "");
        if (account.main_account_id) text.append(" below ").append(account.main_account_id->to_string());
        text.append(" stamp ").append(std::to_string(account.security_stamp));
        text.append(" failures ").append(std::to_string(account.failures));
        ASSIGN_OR_RETURN(const auto contexts, store::list_contexts(tx, account.id, base::now()));
        for (const auto& context : contexts) text.append(" ").append(context.key);
        ASSIGN_OR_RETURN(const auto groups, store::list_groups_of(tx, account.id));
        for (const auto& group : groups) text.append(" ").append(group.name);
        return text;
      })
      .value();
}

/// Every name under which somebody could try to set what is not theirs, except those that the form has.
Fields with_privileges(Fields typed, const PageForm& form) {
  const auto is_there = [&](const std::string& name) {
    const auto has_name = [&](const auto& one) { return one.first == name; };
    return std::any_of(typed.begin(), typed.end(), has_name) ||
           std::any_of(form.fields.begin(), form.fields.end(), has_name);
  };
  const Fields forged{{"id", "0190a1b2-0000-7000-8000-000000000000"},
                      {"account", "admin"},
                      {"account_id", "0190a1b2-0000-7000-8000-000000000000"},
                      {"subject", "admin"},
                      {"actor", "admin"},
                      {"on_behalf_of", "admin"},
                      {"acting_account", "admin"},
                      {"acting_until", "9999999999999"},
                      {"tenant", "other"},
                      {"tenant_id", "0190a1b2-0000-7000-8000-000000000000"},
                      {"organisation_id", "other"},
                      {"parent", "other"},
                      {"status", "deleted"},
                      {"status_at", "1"},
                      {"kind", "client_system"},
                      {"is_main", "1"},
                      {"main", "1"},
                      {"main_account", "admin"},
                      {"main_account_id", "admin"},
                      {"redirect_to_main", "1"},
                      {"role", "super_administrator"},
                      {"roles", "super_administrator"},
                      {"permission", "administer_all"},
                      {"permissions", "administer_all"},
                      {"contexts", "super_administrator"},
                      {"context.super_administrator", "1"},
                      {"context.administrator", "1"},
                      {"groups", "directors"},
                      {"group.directors", "1"},
                      {"external", "1"},
                      {"security_stamp", "77"},
                      {"failures", "77"},
                      {"locked_until", "9999999999999"},
                      {"verified", "1"},
                      {"verified_at", "1"},
                      {"email_verified", "1"},
                      {"trusted_addresses", "1"},
                      {"given_addresses", "1"},
                      {"may_login", "1"},
                      {"must_change", "no"},
                      {"proven_at", "9999999999999"},
                      {"level", "3"},
                      {"amr", "hwk"},
                      {"method", "certificate"},
                      {"password_hash", "x"},
                      {"created_at", "1"},
                      {"trusted", "1"},
                      {"may_report", "1"}};
  for (const auto& one : forged) {
    if (!is_there(one.first)) typed.push_back(one);
  }
  return typed;
}

/// What the form of the page sends if these fields are typed: the others stay as they are.
Fields as_shown(const PageForm& form, Fields typed) {
  for (const auto& [name, value] : form.fields) {
    constexpr std::string_view old = "old.";
    if (!name.starts_with(old) || value.empty()) continue;
    const std::string field = name.substr(old.size());
    const bool is_typed = std::any_of(typed.begin(), typed.end(), [&](const auto& one) { return one.first == field; });
    if (!is_typed) typed.emplace_back(field, value);
  }
  return typed;
}

struct Scene {
  Scene() {
    REQUIRE(flow::create_group(app.house(), flow::make_operator("test"), {"", "directors"},
                               {"127.0.0.1", "test", "test", base::now()}));
    door::log_in_anna(anna);
    App::log_in(piotr, "piotr.wisniewski", "Forest-Amber-2026");
  }
  App app{[](app::Config& config) { door::set(config, "login.proof", "1h"); }};
  Browser anna{app.port()};
  Browser piotr{app.port()};
};

}  // namespace

TEST_CASE("nobody gives the own account more than the form has") {
  Scene f;
  const std::string before = describe(f.app, "piotr.wisniewski");
  const auto data = f.piotr.get("/account/data").form("/account/data");
  const Fields typed{{"login", "piotr.w"},         {"email", "piotr.wisniewski@clinic.example"},
                     {"phone", "+48 600 100 203"}, {"preferred_channel", "sms"},
                     {"epuap_account", ""},        {"epuap_profile", ""}};
  CHECK(f.piotr.submit(data, with_privileges(typed, data)).location() == "/account/data?said=saved");
  const auto language = f.piotr.get("/account/activity").form("/account/language");
  CHECK(f.piotr.submit(language, with_privileges({{"lang", "de"}}, language)).status == 303);
  CHECK(find(f.app, "piotr.w").locale == "de");
  CHECK(describe(f.app, "piotr.w") == before);
}

TEST_CASE("the holder of a main account makes a sub account that is nothing more") {
  Scene f;
  const auto form = f.anna.get("/account/sub-accounts").form("/account/sub-accounts");
  // The form has a field for a pseudo address; without it the address waits for its code.
  Fields sent =
      with_privileges({{"login", "anna.sales"}, {"given_name", "Sales"}, {"email", "sales@clinic.example"}}, form);
  std::erase_if(sent, [](const auto& one) { return one.first == "redirect_to_main"; });
  CHECK(f.anna.submit(form, sent).status == 303);
  const identity::Account made = find(f.app, "anna.sales");
  CHECK(made.main_account_id == find(f.app, "anna.kowalska").id);
  CHECK(made.kind == identity::AccountKind::employee);
  CHECK_FALSE(made.is_main);
  CHECK_FALSE(made.has_email_in_force());
  CHECK(describe(f.app, "anna.sales").ends_with(" user"));
}

TEST_CASE("who creates an account gives it no rights that the form does not offer") {
  Scene f;
  const auto form = f.anna.get("/admin/accounts/new").form("/admin/accounts/new");
  const Fields typed{{"given_name", "Ewa"},         {"family_name", "Zima"},         {"login", "ewa.zima"},
                     {"begin", "invitation"},       {"email", "ewa@clinic.example"}, {"context.user", "1"},
                     {"context.administrator", ""}, {"preferred_channel", "email"}};
  Fields sent = with_privileges(typed, form);
  std::erase_if(sent, [](const auto& one) {
    return one.first == "kind" || one.first == "context.administrator" || one.first == "external" ||
           one.first == "group.directors";
  });
  const Reply reply = f.anna.submit(form, sent);
  CHECK(reply.status == 303);
  const identity::Account made = find(f.app, "ewa.zima");
  CHECK(made.tenant_id == find(f.app, "anna.kowalska").tenant_id);
  CHECK(made.status == identity::AccountStatus::invited);
  CHECK(made.kind == identity::AccountKind::employee);
  CHECK_FALSE(made.is_main);
  CHECK_FALSE(made.main_account_id);
  CHECK(describe(f.app, "ewa.zima").ends_with(" user"));
}

TEST_CASE("who changes an account changes nothing that has a form of its own") {
  Scene f;
  const std::string path = "/admin/accounts/" + find(f.app, "piotr.wisniewski").id.to_string();
  const std::string before = describe(f.app, "piotr.wisniewski");
  const auto form = f.anna.get(path + "/edit").form(path + "/edit");
  Fields sent = with_privileges(as_shown(form, {{"family_name", "Zima"}, {"reason", "asked"}}), form);
  // These three are fields of this form.
  std::erase_if(sent, [](const auto& one) {
    return one.first == "external" || one.first == "main_account" || one.second == "client_system";
  });
  CHECK(f.anna.submit(form, sent).location() == path + "?done=changed");
  CHECK(find(f.app, "piotr.wisniewski").family_name == "Zima");
  CHECK(describe(f.app, "piotr.wisniewski") == before);
  const auto reset = f.anna.get(path + "?confirm=reset").form(path + "/reset");
  REQUIRE_FALSE(reset.action.empty());
  CHECK(f.anna.submit(reset, with_privileges({{"reason", "asked"}}, reset)).location() == path + "?done=reset");
  CHECK(describe(f.app, "piotr.wisniewski") == before);
}

TEST_CASE("who changes an application moves it to no other organisation and gives it no name that is taken") {
  Scene f;
  Browser admin(f.app.port());
  App::log_in(admin, "admin", "Lantern-Harbour-2026");
  const auto find_portal = [&] {
    return flow::find_named_client(f.app.house(), flow::make_operator("test"), "demo-portal").value();
  };
  const rights::Client before = find_portal();
  const std::string path = "/admin/applications/demo-portal";
  const auto form = admin.get(path).form(path + "/change");
  REQUIRE_FALSE(form.action.empty());
  Fields sent =
      with_privileges({{"name", "Portal"}, {"reason", "asked"}, {"client_id", "demo-lab"}, {"enabled", "0"}}, form);
  admin.submit(form, sent);
  const rights::Client after = find_portal();
  CHECK(after.id == before.id);
  CHECK(after.tenant_id == before.tenant_id);
  CHECK(after.enabled);
}
