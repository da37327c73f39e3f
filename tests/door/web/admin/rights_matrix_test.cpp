// Every route × every role × where the object of the path stands: in the own tenant, below it, above it, or elsewhere.
// The table says for each route what it needs. A route of the server without a row fails, and so does a row without a
// route; the roles come from the table of permissions.
#include <doctest/doctest.h>

#include <array>
#include <map>
#include <optional>
#include <set>

#include "app/config/config.hpp"
#include "browser/csrf.hpp"
#include "door/app_fixture.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/admin/change_account.hpp"
#include "flow/certificate_pem.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/login/login_password.hpp"
#include "flow/password/administer_policies.hpp"
#include "flow/resource/administer_resources.hpp"
#include "flow/session/find_visitor.hpp"
#include "flow/tenant/administer_contexts.hpp"
#include "flow/tenant/administer_roles.hpp"
#include "flow/tenant/change_tenant.hpp"
#include "rights/role.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/driver/sql.hpp"
#include "store/engine/store.hpp"
#include "store/message/outbox.hpp"
#include "store/tenant/tenants.hpp"

namespace {

using door::App;
using door::Browser;
using door::Reply;
using rights::Permission;
using rights::Permissions;

constexpr const char* password = "Meadow-Violet-2026";

/// Whose id stands in the path.
enum class Of : std::uint8_t {
  nobody,
  account,
  application,
  setting,  // a group, context, role, policy or organisation, as the path says
};

/// Who gets what at a route.
enum class Gate : std::uint8_t {
  everyone,      // without a login, or a program with a secret: their own tests judge it
  person,        // the own account, whatever the role
  main_account,  // the own sub accounts: nobody here has any
  permission,    // one of Row::one_of
};

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Row {
  Gate gate = Gate::everyone;
  Permissions one_of{};
  int done = 200;  // the status for who may
  Of of = Of::nobody;
  bool is_change = false;  // of somebody else with no more rights
  Fields fields{};         // of a form; {session}, {fingerprint} and {version} are those of the account
  int not_changed = 403;   // the status for oneself and for who has more rights
  bool own_tenant_only = false;
  Permissions also{};  // needed besides
};

constexpr Permissions reads{Permission::read_accounts};
constexpr Permissions manages{Permission::manage_accounts};
constexpr Permissions supports{Permission::support_accounts};
constexpr Permissions acts_on_many{Permission::manage_accounts, Permission::support_accounts};
constexpr Permissions acts{Permission::act_for_others};
constexpr Permissions audits{Permission::read_audit};
constexpr Permissions applications{Permission::manage_clients};
constexpr Permissions sees_applications{Permission::manage_clients, Permission::read_settings};

constexpr Permissions groups{Permission::manage_groups};
constexpr Permissions sees_groups{Permission::manage_groups, Permission::manage_accounts, Permission::read_accounts,
                                  Permission::manage_policies, Permission::read_settings};
constexpr Permissions contexts{Permission::manage_contexts};
constexpr Permissions sees_contexts{Permission::manage_contexts, Permission::read_settings};
constexpr Permissions organisations{Permission::manage_tenants};
constexpr Permissions sees_organisations{Permission::manage_tenants, Permission::read_settings};
constexpr Permissions systems{Permission::manage_systems};
constexpr Permissions policies{Permission::manage_policies};
constexpr Permissions sees_policies{Permission::manage_policies, Permission::read_settings};

Row of_account(Permissions needed, Fields fields, int done = 303) {
  return {Gate::permission, needed, done, Of::account, true, std::move(fields)};
}
Row of_application(Permissions needed, int done, Fields fields = {}) {
  return {Gate::permission, needed, done, Of::application, false, std::move(fields)};
}
Row of_administrator(Permissions needed, int done = 200, Fields fields = {}) {
  return {Gate::permission, needed, done, Of::nobody, false, std::move(fields)};
}
Row of_setting(Permissions needed, int done = 200, Fields fields = {}) {
  return {Gate::permission, needed, done, Of::setting, false, std::move(fields)};
}
Row of_person(int done = 200) {
  return {Gate::person, {}, done};
}

const std::map<std::string, Row>& table() {
  const Fields because{{"reason", "asked"}};
  const auto with = [&](Fields more) {
    more.insert(more.end(), because.begin(), because.end());
    return more;
  };
  static const std::map<std::string, Row> rows{
      {"GET /", {}},
      {"GET /.well-known/oauth-authorization-server", {}},
      {"GET /.well-known/openid-configuration", {}},
      {"GET /api/v1/openapi.json", {}},
      {"GET /oauth2/jwks", {}},
      {"GET /pki/chain.pem", {}},
      {"GET /pki/{file}", {}},
      {"GET /pki/ocsp/{request}", {}},
      {"POST /pki/ocsp", {}},
      {"GET /.well-known/est/cacerts", {}},
      {"GET /.well-known/est/csrattrs", {}},
      {"POST /.well-known/est/simpleenroll", {}},
      {"POST /.well-known/est/simplereenroll", {}},
      {"OPTIONS /oauth2/token", {}},
      {"OPTIONS /oauth2/userinfo", {}},
      {"GET /help", {}},
      {"GET /help/{topic}", {}},
      {"GET /policy", {}},
      {"POST /policy/check", {}},
      {"GET /verify", {}},
      {"POST /verify", {}},
      {"GET /verify/report/{id}", {}},
      {"GET /verify/report/{id}/print", {}},
      {"GET /verify/report/{id}/json", {}},
      {"GET /verify/report/{id}/xml", {}},
      {"POST /api/v1/verify", {}},
      {"POST /api/v1/sign", {}},
      {"POST /api/v1/sign/prepare", {}},
      {"POST /api/v1/sign/{job}/complete", {}},
      {"GET /api/v1/sign/{job}", {}},
      {"GET /api/v1/sign/{job}/items/{position}", {}},
      {"DELETE /api/v1/sign/{job}", {}},
      {"GET /api/v1/credentials", {}},
      {"GET /reset", {}},
      {"POST /reset", {}},
      {"GET /reset/sent", {}},
      {"GET /reset/confirm", {}},
      {"POST /reset/confirm", {}},
      {"POST /reset/confirm/check", {}},
      {"GET /reset/done", {}},
      {"GET /login", {}},
      {"GET /login/password", {}},
      {"POST /login/password", {}},
      {"POST /login/continue", {}},
      {"POST /login/remembered", {}},
      {"GET /login/passkey/options", {}},
      {"POST /login/passkey", {}},
      {"GET /login/certificate", {}},
      {"GET /login/certificate/present", {}},
      {"GET /login/certificate/return", {}},
      {"POST /login/certificate", {}},
      {"GET /login/factor", {}},
      {"POST /login/factor", {}},
      {"POST /login/factor/send", {}},
      {"GET /login/enrol", {}},
      {"POST /login/enrol/app", {}},
      {"POST /login/enrol/passkey", {}},
      {"GET /login/change", {}},
      {"GET /login/changed", {}},
      {"POST /login/change", {}},
      {"GET /login/context", {}},
      {"POST /login/context", {}},
      {"GET /login/consent", {}},
      {"POST /login/consent", {}},
      {"GET /logout", {}},
      {"POST /logout", {}},
      {"GET /logout/done", {}},
      {"GET /logout/expired", {}},
      {"GET /account/session", {}},
      {"POST /account/session", {}},
      {"GET /account/expiring", {}},
      {"GET /theme/logo.svg", {}},
      {"GET /theme/{file}", {}},
      {"GET /theme/{tenant}/logo.svg", {}},
      {"GET /theme/{tenant}/{file}", {}},
      {"POST /api/v1/account/password", {}},
      {"POST /api/v1/events", {}},
      {"POST /control", {}},
      {"GET /oauth2/authorize", {}},
      {"POST /oauth2/authorize", {}},
      {"GET /oauth2/logout", {}},
      {"POST /oauth2/logout", {}},
      {"POST /oauth2/token", {}},
      {"POST /oauth2/introspect", {}},
      {"POST /oauth2/revoke", {}},
      {"OPTIONS /oauth2/revoke", {}},
      {"GET /oauth2/userinfo", {}},
      {"POST /oauth2/userinfo", {}},
      {"POST /api/v1/clients/self/secret", {}},
      {"POST /oauth2/par", {}},
      {"OPTIONS /oauth2/par", {}},
      {"POST /oauth2/device_authorization", {}},
      {"OPTIONS /oauth2/device_authorization", {}},
      {"POST /oauth2/register", {}},
      {"GET /oauth2/register/{client_id}", {}},
      {"PUT /oauth2/register/{client_id}", {}},
      {"DELETE /oauth2/register/{client_id}", {}},
      {"GET /admin/registration-tokens", of_administrator({Permission::manage_clients, Permission::read_settings})},
      {"POST /admin/registration-tokens/new",
       of_administrator({Permission::manage_clients}, 200, {{"name", "x"}, {"uses", "1"}, {"days", "1"}})},
      {"POST /admin/registration-tokens/revoke", of_administrator({Permission::manage_clients}, 303)},
      {"GET /device", {}},
      {"GET /device/done", {}},
      {"GET /device/confirm", of_person(303)},
      {"POST /device/confirm", of_person(422)},
      {"GET /account", of_person()},
      {"GET /account/applications", of_person()},
      {"POST /account/applications/withdraw", of_person(303)},
      {"GET /account/data", of_person()},
      {"GET /account/data/download", of_person()},
      {"GET /account/confirm", of_person()},
      {"GET /account/security", of_person()},
      {"GET /account/factors", of_person()},
      {"GET /account/factors/app", of_person()},
      {"GET /account/factors/passkey", of_person()},
      {"GET /account/suspend", of_person()},
      {"GET /account/sign", of_person()},
      {"GET /admin/signatures", of_administrator({Permission::manage_credentials})},
      {"POST /admin/signatures/new", of_administrator({Permission::manage_credentials}, 422)},
      {"POST /admin/signatures/import", of_administrator({Permission::manage_credentials}, 422)},
      {"GET /admin/signatures/timestamps", of_administrator({Permission::manage_authorities})},
      {"GET /admin/signatures/{id}", of_administrator({Permission::manage_credentials}, 404)},
      {"POST /admin/signatures/{id}/request", of_administrator({Permission::manage_credentials}, 404)},
      {"POST /admin/signatures/{id}/answer", of_administrator({Permission::manage_credentials}, 404)},
      {"POST /admin/signatures/{id}/renew", of_administrator({Permission::manage_credentials}, 404)},
      {"POST /admin/signatures/{id}/suspend", of_administrator({Permission::manage_credentials}, 404)},
      {"POST /admin/signatures/{id}/restore", of_administrator({Permission::manage_credentials}, 404)},
      {"POST /admin/signatures/{id}/revoke", of_administrator({Permission::manage_credentials}, 404)},
      {"POST /admin/signatures/{id}/delete", of_administrator({Permission::manage_credentials}, 404)},
      {"GET /account/sign/keys", of_person()},
      {"POST /account/sign/keys/new", of_person(422)},
      {"POST /account/sign/keys/import", of_person(422)},
      {"GET /account/sign/keys/{id}", of_person(404)},
      {"POST /account/sign/keys/{id}/request", of_person(404)},
      {"POST /account/sign/keys/{id}/answer", of_person(404)},
      {"POST /account/sign/keys/{id}/renew", of_person(404)},
      {"POST /account/sign/keys/{id}/revoke", of_person(404)},
      {"POST /account/sign/keys/{id}/delete", of_person(404)},
      {"GET /account/tokens", of_person()},
      {"POST /account/tokens/new", of_person(400)},
      {"POST /account/tokens/revoke", of_person(404)},
      {"POST /account/sign", of_person(422)},
      {"GET /account/sign/{id}", of_person(404)},
      {"GET /account/sign/{id}/result", of_person(404)},
      {"GET /account/sign/{id}/document", of_person(404)},
      {"POST /account/sign/{id}/confirm", of_person(404)},
      {"POST /account/sign/{id}/cancel", of_person(404)},
      {"GET /account/delete", of_person()},
      {"GET /account/activity", of_person()},
      {"GET /account/sessions", of_person()},
      {"GET /account/security/changed", of_person()},
      {"POST /account/return", of_person(303)},
      {"POST /account/data", of_person(303)},
      {"POST /account/data/verify", of_person(303)},
      {"GET /account/data/certificate/presented", of_person(422)},
      {"POST /account/data/certificate/presented", of_person(303)},
      {"POST /account/data/certificate", of_person(303)},
      {"POST /account/data/certificate/remove", of_person(303)},
      {"POST /account/data/download", of_person(303)},
      {"POST /account/confirm/send", of_person(303)},
      {"POST /account/confirm", of_person(303)},
      {"POST /account/security", of_person(303)},
      {"POST /account/security/confirm", of_person(303)},
      {"POST /account/factors/always", of_person(303)},
      {"POST /account/factors/app", of_person(303)},
      {"POST /account/factors/name", of_person(303)},
      {"POST /account/factors/passkey", of_person(303)},
      {"POST /account/factors/recovery", of_person(303)},
      {"POST /account/factors/remove", of_person(303)},
      {"POST /account/language", of_person(303)},
      {"POST /account/suspend", of_person(303)},
      {"POST /account/suspend/successor", of_person(303)},
      {"POST /account/delete/successor", of_person(303)},
      {"POST /account/delete", of_person(303)},
      {"POST /account/sessions/end", of_person(303)},
      {"POST /account/sessions/end-others", of_person(303)},
      {"POST /account/sessions/name", of_person(303)},
      {"POST /account/sessions/forget", of_person(303)},
      {"GET /account/sub-accounts", {Gate::main_account}},
      {"POST /account/sub-accounts", {Gate::main_account}},
      {"GET /account/sub-accounts/{id}", {Gate::main_account}},
      {"POST /account/sub-accounts/{id}/edit", {Gate::main_account}},
      {"POST /account/sub-accounts/{id}/context", {Gate::main_account}},
      {"POST /account/sub-accounts/{id}/reset", {Gate::main_account}},
      {"POST /account/sub-accounts/{id}/suspend", {Gate::main_account}},
      {"POST /account/sub-accounts/{id}/restore", {Gate::main_account}},
      {"POST /account/sub-accounts/{id}/delete", {Gate::main_account}},
      {"GET /admin", of_administrator(Permissions::all().without(rights::personal_permissions))},
      {"POST /api/v1/messages", {}},
      {"POST /api/v1/timestamps", {}},
      {"POST /timestamp", {}},
      {"GET /hooks/sms/{name}", {}},
      {"POST /hooks/sms/{name}", {}},
      {"GET /admin/sms", of_administrator(Permissions{Permission::administer_all})},
      {"POST /admin/sms/limits",
       of_administrator(Permissions{Permission::administer_all}, 303, {{"version", "0"}, {"window", "10"}})},
      {"POST /admin/sms/gateway", of_administrator(Permissions{Permission::administer_all}, 404)},
      {"POST /admin/sms/test", of_administrator(Permissions{Permission::administer_all}, 422)},
      {"GET /admin/trust", of_administrator(Permissions{Permission::manage_authorities})},
      {"GET /admin/systems", of_administrator(systems)},
      {"POST /admin/systems/settings", of_administrator(systems, 422)},
      {"POST /admin/systems/confirm", of_administrator(systems, 409)},
      {"POST /admin/systems/undo", of_administrator(systems, 409)},
      {"GET /admin/systems/authorities.pem", of_administrator(systems, 404)},
      {"POST /admin/systems/new", of_administrator(systems, 422)},
      {"GET /admin/systems/system", of_administrator(systems, 404)},
      {"POST /admin/systems/password", of_administrator(systems, 404)},
      {"GET /admin/systems/certificate", of_administrator(systems)},
      {"POST /admin/systems/certificate", of_administrator(systems, 422)},
      {"GET /admin/systems/revoke", of_administrator(systems, 404)},
      {"POST /admin/systems/revoke", of_administrator(systems, 404)},
      {"GET /admin/outbox", of_administrator(Permissions{Permission::manage_messages})},
      {"POST /admin/outbox", of_administrator({Permission::manage_messages}, 404,
                                              {{"action", "retry"}, {"id", "0190a1b2-0000-7000-8000-000000000000"}})},
      {"GET /admin/accounts", of_administrator(reads)},
      {"POST /admin/accounts", of_administrator(reads, 303, {{"text", "zofia"}})},
      {"GET /admin/accounts/new", of_administrator(manages)},
      {"POST /admin/accounts/new", of_administrator(manages, 422)},
      {"GET /admin/accounts/bulk", of_administrator(acts_on_many)},
      {"POST /admin/accounts/bulk", of_administrator(acts_on_many)},
      {"POST /admin/accounts/bulk/begin", of_administrator(acts_on_many, 400)},
      {"GET /admin/accounts/bulk/{id}", of_administrator(acts_on_many, 404)},  // nobody here has begun one
      {"GET /admin/accounts/bulk/{id}/results", of_administrator(acts_on_many, 404)},
      {"POST /admin/accounts/bulk/{id}/stop", of_administrator(acts_on_many, 404)},
      {"GET /admin/accounts/{id}", {Gate::permission, reads, 200, Of::account}},
      {"GET /admin/accounts/{id}/edit", {Gate::permission, manages, 200, Of::account, true, {}, 303, false, reads}},
      {"POST /admin/accounts/{id}/edit",
       of_account(manages, with({{"version", "{version}"}, {"old.given_name", "Zofia"}, {"given_name", "Ewa"}}))},
      {"POST /admin/accounts/{id}/certificate", of_account(manages, with({{"pem", certificate_pem}}))},
      {"POST /admin/accounts/{id}/certificate/remove", of_account(manages, {{"fingerprint", "{fingerprint}"}})},
      {"POST /admin/accounts/{id}/unlock", of_account(supports, because)},
      {"POST /admin/accounts/{id}/appoint", of_account(manages, because)},
      {"POST /admin/accounts/{id}/dismiss", of_account(manages, because)},
      {"POST /admin/accounts/{id}/suspend", of_account(manages, because)},
      {"POST /admin/accounts/{id}/restore", of_account(manages, because)},
      {"POST /admin/accounts/{id}/delete", of_account(manages, because)},
      {"POST /admin/accounts/{id}/sessions", of_account(manages, because)},
      {"POST /admin/accounts/{id}/group", of_account(manages, with({{"group", "matrix_group"}, {"act", "join"}}))},
      {"POST /admin/accounts/{id}/context", of_account(manages, with({{"context", "user"}, {"act", "give"}}))},
      {"POST /admin/accounts/{id}/session", of_account(manages, with({{"session", "{session}"}}))},
      {"POST /admin/accounts/{id}/reset", of_account(supports, because)},
      {"POST /admin/accounts/{id}/factors", of_account(supports, because)},
      {"POST /admin/accounts/{id}/password",
       of_account(manages, with({{"new_password", "Granite-Sparrow-8-Lake"},
                                 {"new_password_repeat", "Granite-Sparrow-8-Lake"}}))},
      {"GET /admin/accounts/{id}/act", {Gate::permission, acts, 200, Of::account, true, {}, 403, true}},
      {"POST /admin/accounts/{id}/act",
       {Gate::permission, acts, 303, Of::account, true, with({{"context", "{context}"}}), 403, true}},
      {"GET /admin/applications", of_administrator(sees_applications)},
      {"GET /admin/new-application", of_administrator(applications)},
      {"POST /admin/new-application", of_administrator(applications, 400)},
      {"GET /admin/applications/{id}", of_application(sees_applications, 200)},
      {"POST /admin/applications/{id}/change",
       of_application(applications, 422, with({{"version", "{version}"}, {"name", "Other"}, {"was_name", "Matrix"}}))},
      {"POST /admin/applications/{id}/enable", of_application(applications, 303, because)},
      {"POST /admin/applications/{id}/disable", of_application(applications, 303, because)},
      {"POST /admin/applications/{id}/delete", of_application(applications, 303, because)},
      {"POST /admin/applications/{id}/secret", of_application(applications, 200, with({{"old_hours", "0"}}))},
      {"POST /admin/applications/{id}/end-secret", of_application(applications, 409, because)},
      {"POST /admin/applications/{id}/try",
       of_application(applications, 303, {{"client_secret", "a-secret-of-the-matrix"}})},
      {"GET /admin/test-login", of_administrator(applications, 400)},
      {"GET /admin/resources", of_administrator(sees_applications)},
      {"GET /admin/resources/new", of_administrator(applications)},
      {"POST /admin/resources/new", of_administrator(applications, 422)},
      {"GET /admin/resources/{id}", of_setting(sees_applications)},
      {"POST /admin/resources/{id}/change", of_setting(applications, 303, {{"name", "Other"}, {"version", "1"}})},
      {"POST /admin/resources/{id}/delete", of_setting(applications, 303, because)},
      {"GET /admin/resources/{id}/item", of_setting(applications)},
      {"POST /admin/resources/{id}/item",
       of_setting(applications, 303,
                  {{"kind", "role"}, {"name", "head"}, {"new", "yes"}, {"who", "nobody"}, {"version", "1"}})},
      {"POST /admin/resources/{id}/remove",
       of_setting(applications, 303, with({{"kind", "scope"}, {"name", "matrix:read"}}))},
      {"GET /admin/groups", of_administrator(sees_groups)},
      {"POST /admin/groups/new", of_administrator(groups, 422)},
      {"GET /admin/groups/{id}", of_setting(sees_groups)},
      {"POST /admin/groups/{id}/rename", of_setting(groups, 303, {{"name", "{fresh}"}})},
      {"POST /admin/groups/{id}/delete", of_setting(groups, 303, because)},
      {"POST /admin/groups/{id}/add", of_setting(manages, 303, {{"login", "{account}"}})},
      {"POST /admin/groups/{id}/remove", of_setting(manages, 303, {{"account", "{account}"}, {"confirmed", "yes"}})},
      {"GET /admin/contexts", of_administrator(sees_contexts)},
      {"GET /admin/contexts/new", of_administrator(contexts)},
      {"POST /admin/contexts/new", of_administrator(contexts, 422)},
      {"GET /admin/contexts/{id}", of_setting(sees_contexts)},
      {"POST /admin/contexts/{id}/change",
       of_setting(contexts, 200, {{"name", "Other"}, {"role", "user"}, {"level", "1"}, {"version", "1"}})},
      {"POST /admin/contexts/{id}/delete", of_setting(contexts, 303, because)},
      {"GET /admin/roles", of_administrator(sees_contexts)},
      {"GET /admin/roles/new", of_administrator(contexts)},
      {"POST /admin/roles/new", of_administrator(contexts, 422)},
      {"GET /admin/roles/{id}", of_setting(sees_contexts)},
      {"POST /admin/roles/{id}/change",
       of_setting(contexts, 303, {{"name", "Other"}, {"version", "1"}, {"confirmed", "yes"}})},
      {"POST /admin/roles/{id}/delete", of_setting(contexts, 303, because)},
      {"GET /admin/tenants", of_administrator(sees_organisations)},
      {"GET /admin/tenants/new", of_administrator(organisations)},
      {"POST /admin/tenants/new", of_administrator(organisations, 422)},
      {"GET /admin/tenants/{id}", of_setting(sees_organisations)},
      {"POST /admin/tenants/{id}/change",
       of_setting(organisations, 303, {{"name", "{fresh}"}, {"version", "{version}"}, {"confirmed", "yes"}})},
      {"POST /admin/tenants/{id}/logo", of_setting(organisations, 422)},
      {"POST /admin/tenants/{id}/feature",
       of_setting(Permissions{Permission::administer_all}, 303, {{"feature", "client_systems"}, {"state", "on"}})},
      // In each of the tenants somebody is left, or it is the first one.
      {"POST /admin/tenants/{id}/delete", of_setting(organisations, 409, because)},
      {"POST /admin/tenants/{id}/remove-logo", of_setting(organisations, 303, {{"confirmed", "yes"}})},
      {"GET /admin/policies", of_administrator(sees_policies)},
      {"POST /admin/policies/new", of_administrator(policies, 422)},
      {"GET /admin/policies/{id}", of_setting(sees_policies)},
      {"POST /admin/policies/{id}/change", of_setting(policies, 422, {{"version", "1"}})},
      {"POST /admin/policies/{id}/bind", of_setting(policies, 200, {{"place", "tenant"}})},
      {"POST /admin/policies/{id}/unbind", of_setting(policies, 404, {{"place", "tenant"}})},
      {"GET /admin/second-factor", of_administrator(sees_policies)},
      {"POST /admin/second-factor", of_administrator(policies, 409)},
      {"GET /admin/audit", of_administrator(audits)},
      {"POST /admin/audit", of_administrator(audits, 303)},
      {"POST /admin/audit/export", of_administrator(audits, 200, {{"format", "csv"}})},
      {"GET /admin/audit/check", of_administrator(audits)},
      {"POST /admin/audit/check", {Gate::permission, audits, 303, Of::nobody, false, {}, 409}}};
  return rows;
}

std::string put(std::string text, std::string_view name, const std::string& value) {
  const std::size_t at = text.find(name);
  return at == std::string::npos ? text : text.replace(at, name.size(), value);
}

/// Tenants: the first one, "ward" below it, "room" below the ward, and "other" beside the ward.
struct World {
  struct Person {
    std::string name;
    std::string home;
    Permissions permissions;
    base::Id id;
    base::Id session;
    std::unique_ptr<Browser> browser;
  };

  World() {
    const auto by = flow::make_operator("test");
    for (const auto& [key, parent] : {std::pair("ward", ""), {"room", "ward"}, {"other", ""}}) {
      REQUIRE(flow::create_tenant(app.house(), by, {key, parent}, {}, facts()));
    }
    first = app.house().store.read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value().key;
    for (const std::string& tenant : {first, std::string("ward"), std::string("room"), std::string("other")}) {
      tenants.push_back(tenant);
      ids[tenant] = flow::find_tenant_look(app.house(), by, tenant)->id;
      add_context(tenant, "matrix_user", "user");
      add_context(tenant, "matrix_super", "super_administrator");
      REQUIRE(flow::create_group(app.house(), by, {tenant, "matrix_group"}, facts()));
    }
    for (const std::string& home : {std::string("ward"), first}) {
      for (const rights::BuiltInRole& role : rights::built_in_roles()) add_person(home, std::string(role.key), role);
      for (const Permission one : Permissions::all().list()) {
        const bool is_given = !Permissions{one}.has_one_of(rights::personal_permissions) &&
                              !Permissions{one}.has_one_of(rights::installation_permissions);
        if (!is_given) continue;
        const std::string key = "only_" + std::string(name_of(one));
        const flow::RoleWish wish{.permissions = std::vector<std::string>{std::string(name_of(one))}};
        REQUIRE(flow::create_role(app.house(), by, {home, key}, wish, facts()));
        add_person(home, key, {key, rights::personal_permissions.with({one})});
      }
    }
  }

  static flow::RequestFacts facts() { return {"127.0.0.1", "test", "test", base::now()}; }

  void add_context(const std::string& tenant, const std::string& key, const std::string& role) const {
    REQUIRE(
        flow::create_acting_context(app.house(), flow::make_operator("test"), {tenant, key}, {.role = role}, facts()));
  }

  /// An account that nobody has touched yet.
  base::Id add_account(const std::string& tenant, const std::string& context) {
    flow::NewAccount wished;
    wished.login = "person." + std::to_string(++count);
    wished.email = wished.login + "@clinic.example";
    wished.given_name = "Zofia";
    wished.family_name = "Nowak";
    wished.trusted_addresses = true;
    wished.contexts = {context};
    wished.password = base::Secret(password);
    wished.must_change = false;
    wished.tenant = tenant;
    const auto made = flow::create_account(app.house(), flow::make_operator("test"), wished, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    return *made;
  }

  void add_person(const std::string& home, const std::string& key, const rights::BuiltInRole& role) {
    const std::string context = "in_" + key;
    add_context(home, context, key);
    Person person{key, home, role.permissions, add_account(home, context), {}, std::make_unique<Browser>(app.port())};
    App::log_in(*person.browser, "person." + std::to_string(count), password);
    const auto visitor =
        flow::find_visitor(app.house(), person.browser->cookies.at("chancery_session"), facts(), false).value();
    REQUIRE_MESSAGE(visitor.actor, key);
    person.session = visitor.actor->session().id;
    people.push_back(std::move(person));
  }

  [[nodiscard]] bool reaches(const Person& person, const std::string& tenant) const {
    if (person.permissions.has(Permission::administer_all) || tenant == person.home) return true;
    const bool administers = !person.permissions.without(rights::personal_permissions).empty();
    return administers && (person.home == first || (person.home == "ward" && tenant == "room"));
  }

  App app{[](app::Config& config) { door::set(config, "login.proof", "1h"); }};
  std::string first;
  std::vector<std::string> tenants;
  std::map<std::string, base::Id> ids;  // of the tenants
  std::vector<Person> people;
  int count = 0;
};

/// The object of a path: an account of a tenant.
struct Object {
  std::string name;    // for messages
  std::string tenant;  // where it stands
  bool is_self = false;
  bool is_above = false;  // has every right
};

std::vector<Object> list_objects(const World& world, const World::Person& person) {
  std::vector<Object> objects;
  for (const std::string& tenant : world.tenants) objects.push_back({"somebody in " + tenant, tenant});
  objects.push_back({"a super administrator of the own tenant", person.home, false, true});
  objects.push_back({"himself", person.home, true, false});
  return objects;
}

int expected(const World& world, const std::string& route, const Row& row, const World::Person& person,
             const Object& object) {
  if (!person.permissions.has_one_of(row.one_of) || !person.permissions.includes(row.also)) return 403;
  if (row.of == Of::nobody) return row.done;
  const bool is_seen = row.own_tenant_only ? object.tenant == person.home : world.reaches(person, object.tenant);
  // The page that would say so is not open to who may not read accounts.
  if (!is_seen) return route.ends_with("/session") && !person.permissions.has(Permission::read_accounts) ? 403 : 404;
  if (!row.is_change) return row.done;
  const bool is_above = object.is_above && !person.permissions.has(Permission::administer_all);
  return object.is_self || is_above ? row.not_changed : row.done;
}

bool is_get(std::string_view route) {
  return route.starts_with("GET ");
}

/// An account as the row needs it, and the fields of the form for it.
struct Prepared {
  std::string id;
  Fields fields;
};

Prepared prepare(World& world, const std::string& route, const Row& row, const World::Person& person,
                 const Object& object) {
  const auto by = flow::make_operator("test");
  const auto& house = world.app.house();
  base::Id id = person.id;
  if (!object.is_self) id = world.add_account(object.tenant, object.is_above ? "matrix_super" : "matrix_user");
  std::string session = base::Id::make(base::now()).to_string();
  std::string fingerprint(64, '0');
  if (route.ends_with("/session") && !object.is_self) {
    const auto login =
        flow::login_password(house, {"person." + std::to_string(world.count), base::Secret(password)}, World::facts());
    REQUIRE(login);
    session = flow::find_visitor(house, std::string(login->session_cookie.reveal()), World::facts())
                  ->session()
                  ->id.to_string();
  }
  if (route.find("/certificate") != std::string::npos) {
    REQUIRE(house.store.write([](store::Tx& tx) {
      const auto gone = tx.run("DELETE FROM account_certificate", {});
      return gone ? tx.run("DELETE FROM identifier WHERE type = 'certificate'", {}) : gone;
    }));
  }
  if (route.ends_with("/certificate/remove")) {
    REQUIRE(flow::add_certificate_for(house, by, id.to_string(), certificate_pem, World::facts()));
    fingerprint = flow::read_account_data(house, by, id.to_string(), base::now())->certificates.front().fingerprint;
  }
  if (route.ends_with("/restore") && !object.is_self) {
    REQUIRE(flow::suspend_account(house, by, id.to_string(), World::facts()));
  }
  const auto account = house.store.read([&](store::Tx& tx) { return store::find_account(tx, id); }).value().value();
  Prepared prepared{id.to_string(), row.fields};
  const std::string context = object.is_above ? "matrix_super" : "matrix_user";
  for (auto& [name, value] : prepared.fields) {
    value = put(value, "{context}", context);
    value = put(put(put(value, "{session}", session), "{fingerprint}", fingerprint), "{version}",
                std::to_string(account.version));
  }
  return prepared;
}

/// Acting for somebody makes a new session; this is the way back from it.
void return_from_acting(World& world, World::Person& person) {
  const auto form = person.browser->get("/account").form("/account/return");
  if (form.action.empty()) return;
  REQUIRE(person.browser->submit(form, {}).status == 303);
  person.session = flow::find_visitor(world.app.house(), person.browser->cookies.at("chancery_session"), World::facts())
                       ->session()
                       ->id;
}

Reply send(World& world, const std::string& route, const World::Person& person, const Prepared& prepared) {
  const std::string path = put(route.substr(route.find(' ') + 1), "{id}", prepared.id);
  if (is_get(route)) return person.browser->get(path);
  Fields fields = prepared.fields;
  fields.emplace_back("csrf", browser::make_csrf(world.app.house(), person.session.to_string(), path));
  return person.browser->post(path, fields);
}

std::int64_t find_newest(const App& app) {
  const auto page = app.house().store.read([](store::Tx& tx) { return store::find_events(tx, {.most = 1}); });
  return page.value().events.front().seq;
}

/// Whether there is an event after `seq`, besides that of the refusal.
bool has_done_something(const App& app, std::int64_t seq) {
  const auto page = app.house().store.read(
      [&](store::Tx& tx) { return store::find_events(tx, {.after_seq = seq, .oldest_first = true}); });
  return std::any_of(page.value().events.begin(), page.value().events.end(),
                     [](const audit::Event& event) { return event.type != "denied" && event.type != "account_read"; });
}

}  // namespace

TEST_CASE("each route of the server has a row in the matrix of rights, and each row a route") {
  const App app;
  std::set<std::string> routes;
  for (const http::Route* route : app.server->router().routes()) {
    if (route->pattern.starts_with("/assets/")) continue;  // octets that the program has in it
    routes.insert(std::string(name_of(route->method)) + " " + route->pattern);
  }
  for (const std::string& route : routes) CHECK_MESSAGE(table().contains(route), "no row for " << route);
  for (const auto& [route, row] : table()) CHECK_MESSAGE(routes.contains(route), "no route for " << route);
}

TEST_CASE(
    "pages and forms do for each role what its permissions say, in the tenants that it reaches and nowhere else") {
  World world;
  for (const auto& [route, row] : table()) {
    if (row.gate != Gate::permission || row.of != Of::account) continue;
    for (World::Person& person : world.people) {
      for (const Object& object : list_objects(world, person)) {
        const int status = expected(world, route, row, person, object);
        const Prepared prepared = prepare(world, route, row, person, object);
        const bool is_refused = status == 403 || status == 404;
        const std::int64_t before = find_newest(world.app);
        const Reply reply = send(world, route, person, prepared);
        if (route.ends_with("/act") && reply.status == 303) return_from_acting(world, person);
        CHECK_MESSAGE(reply.status == status,
                      person.name << " of " << person.home << ": " << route << ", " << object.name);
        if (is_refused && !is_get(route)) {
          CHECK_FALSE_MESSAGE(has_done_something(world.app, before),
                              person.name << ": " << route << ", " << object.name);
        }
      }
    }
  }
}

TEST_CASE("pages without an object are open to the roles with their permission, and to no other") {
  World world;
  for (const auto& [route, row] : table()) {
    if (row.of != Of::nobody || row.gate == Gate::everyone) continue;
    if (row.gate != Gate::permission && !is_get(route)) continue;
    for (World::Person& person : world.people) {
      int status = row.done;
      if (row.gate == Gate::permission) status = expected(world, route, row, person, {});
      if (row.gate == Gate::main_account) status = 403;
      const Reply reply = send(world, route, person, {base::Id::make(base::now()).to_string(), row.fields});
      // A check of the log runs already.
      if (status == 303 && reply.status == row.not_changed && row.not_changed == 409) continue;
      CHECK_MESSAGE(reply.status == status, person.name << " of " << person.home << ": " << route);
    }
  }
}

namespace {

/// A thing that nobody has touched yet, as the path says: its id.
std::string make_setting(World& world, const std::string& route, const std::string& tenant) {
  const auto by = flow::make_operator("test");
  const auto& house = world.app.house();
  const std::string key = "thing_" + std::to_string(++world.count);
  const auto is_of = [&](std::string_view kind) { return route.find(kind) != std::string::npos; };
  if (is_of("/groups/")) return flow::create_group(house, by, {tenant, key}, World::facts()).value().to_string();
  if (is_of("/contexts/")) {
    return flow::create_acting_context(house, by, {tenant, key}, {}, World::facts()).value().to_string();
  }
  if (is_of("/roles/")) return flow::create_role(house, by, {tenant, key}, {}, World::facts()).value().to_string();
  if (is_of("/resources/")) {
    const auto made = flow::create_resource(house, by, {tenant, "urn:" + key}, {.name = key}, World::facts());
    REQUIRE(flow::add_item(house, by, {"urn:" + key, rights::ItemKind::scope, "matrix:read"}, {}, World::facts()));
    return made.value().to_string();
  }
  if (is_of("/policies/")) {
    return flow::set_policy(house, by, {key, "nist-800-63b", {}, tenant}, World::facts()).value().to_string();
  }
  return world.ids.at(tenant).to_string();
}

}  // namespace

TEST_CASE("what is set up in a tenant is open to who may there or above, and looks like nothing elsewhere") {
  World world;
  for (const auto& [route, row] : table()) {
    if (row.of != Of::setting) continue;
    for (const World::Person& person : world.people) {
      for (const std::string& tenant : world.tenants) {
        Prepared prepared{make_setting(world, route, tenant), row.fields};
        const auto look = flow::find_tenant_look(world.app.house(), flow::make_operator("test"), tenant).value();
        const bool needs_account = route.ends_with("/add") || route.ends_with("/remove");
        const std::string account = needs_account ? world.add_account(tenant, "matrix_user").to_string() : "";
        for (auto& [name, value] : prepared.fields) {
          value = put(put(value, "{version}", std::to_string(look.version)), "{account}", account);
          value = put(value, "{fresh}", "fresh " + std::to_string(++world.count));
        }
        const int status = expected(world, route, row, person, {"a thing in " + tenant, tenant});
        const std::int64_t before = find_newest(world.app);
        const Reply reply = send(world, route, person, prepared);
        CHECK_MESSAGE(reply.status == status,
                      person.name << " of " << person.home << ": " << route << ", a thing in " << tenant);
        if (status >= 400 && !is_get(route)) {
          CHECK_FALSE_MESSAGE(has_done_something(world.app, before), person.name << ": " << route << ", " << tenant);
        }
      }
    }
  }
}

TEST_CASE("applications of a tenant are open to who manages them there or above, and look like none elsewhere") {
  World world;
  int count = 0;
  for (const auto& [route, row] : table()) {
    if (row.of != Of::application) continue;
    for (const World::Person& person : world.people) {
      for (const std::string& tenant : world.tenants) {
        rights::Client client;
        client.client_id = "matrix-" + std::to_string(++count);
        client.name = "Matrix";
        client.redirect_uris = {"https://matrix.example/callback"};
        client.grants = {"authorization_code"};
        client.tenant_id = world.ids.at(tenant);
        world.app.add_client(client, "a-secret-of-the-matrix");
        Prepared prepared{client.client_id, row.fields};
        for (auto& [name, value] : prepared.fields) value = put(value, "{version}", "1");
        const int status = expected(world, route, row, person, {"an application in " + tenant, tenant});
        const std::int64_t before = find_newest(world.app);
        const Reply reply = send(world, route, person, prepared);
        CHECK_MESSAGE(reply.status == status,
                      person.name << " of " << person.home << ": " << route << ", an application in " << tenant);
        if (status >= 400 && !is_get(route)) {
          CHECK_FALSE_MESSAGE(has_done_something(world.app, before), person.name << ": " << route << ", " << tenant);
        }
      }
    }
  }
}

TEST_CASE("lists and searches of accounts show those of the tenants that one reaches, and no others") {
  World world;
  for (const std::string& tenant : world.tenants) {
    const std::string id = world.add_account(tenant, "matrix_user").to_string();
    const std::string login = "person." + std::to_string(world.count);
    for (const World::Person& person : world.people) {
      if (!person.permissions.has(Permission::read_accounts)) continue;
      const Reply found = person.browser->follow(send(world, "POST /admin/accounts", person, {"", {{"text", login}}}));
      CHECK(found.status == 200);
      CHECK_MESSAGE(door::has(found.body, "/admin/accounts/" + id) == world.reaches(person, tenant),
                    person.name << " of " << person.home << " searches in " << tenant);
    }
  }
}

TEST_CASE("messages are sent again and dropped by who may, in the tenants that one reaches and nowhere else") {
  World world;
  store::Store& store = world.app.house().store;
  for (const std::string& tenant : world.tenants) {
    for (const World::Person& person : world.people) {
      const base::Id account = world.add_account(tenant, "matrix_user");
      REQUIRE(
          flow::start_reset_for(world.app.house(), flow::make_operator("test"), account.to_string(), World::facts()));
      const auto waiting = store.read([](store::Tx& tx) { return store::list_outbox(tx, 1000); }).value();
      const auto item = std::max_element(waiting.begin(), waiting.end(),
                                         [](const auto& one, const auto& other) { return one.id < other.id; });
      const Prepared prepared{"", {{"action", "drop"}, {"id", item->id.to_string()}}};
      const bool may = person.permissions.has(Permission::manage_messages);
      const int seen = world.reaches(person, tenant) ? 303 : 404;
      const Reply reply = send(world, "POST /admin/outbox", person, prepared);
      CHECK_MESSAGE(reply.status == (may ? seen : 403), person.name << " of " << person.home << ": in " << tenant);
      REQUIRE(store.write([&](store::Tx& tx) { return tx.run("DELETE FROM outbox", {}); }));
    }
  }
}
