#include "web/page/layout.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "browser/cookies.hpp"
#include "browser/csrf.hpp"
#include "browser/request_facts.hpp"
#include "flow/account/sub_accounts.hpp"
#include "flow/audit/read_situation.hpp"
#include "flow/house/name_of_context.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/oauth/list_applications.hpp"
#include "flow/session/choose_context.hpp"
#include "flow/session/session_settings.hpp"
#include "flow/tenant/features.hpp"
#include "flow/validation/offer_validation.hpp"
#include "text/text.hpp"
#include "web/page/brand.hpp"
#include "web/page/help.hpp"
#include "web/page/templates.hpp"

namespace web {
namespace {

void add_brand(View& view, const flow::Brand& brand) {
  view.text("brand", brand.name);
  view.text("theme", theme_address(brand));
  view.text("logo", logo_address(brand));
}

/// Addresses that an application named for itself become links only if no script can be behind them. Its logo is not
/// shown (docs/decisions/0071).
void add_application_links(View& view, const flow::ApplicationFace& face) {
  for (const auto& [name, uri] : {std::pair<std::string_view, const std::string&>{"client_uri", face.client_uri},
                                  {"policy_uri", face.policy_uri},
                                  {"tos_uri", face.tos_uri}}) {
    if (uri.starts_with("https://")) view.text(name, uri).flag("any_link");
  }
}

/// "?attempt=…&lang=": the first part of the links that show the same page in another language. The answer to a form
/// keeps what its page had in the address.
std::string language_link(const Visit& visit) {
  std::string link = "?";
  const auto add = [&link](std::string_view name, std::string_view value) {
    link.append(base::percent_encode(name)).append("=").append(base::percent_encode(value)).append("&");
  };
  for (const auto& [name, value] : visit.query.fields()) {
    if (name != "lang") add(name, value);
  }
  for (const std::string_view name : {"attempt", "token"}) {
    const std::string value = visit.form.get(name);
    if (!value.empty()) add(name, value);
  }
  for (const auto& [name, value] : visit.kept) add(name, value);
  return link + "lang=";
}

void add_languages(View& view, const Visit& visit, const std::string& link) {
  if (visit.is_shown_once) return;
  view.flag("has_languages");
  for (const text::Language language : {text::Language::en, text::Language::de, text::Language::pl}) {
    View& item = view.add("languages");
    const std::string code(text::code_of(language));
    item.text("code", code).text("language", std::string(text::name_of(language)));
    item.text("href", link + code).flag("current", language == visit.language);
  }
}

bool is_acting(const Visit& visit) {
  return visit.visitor.actor && visit.visitor.actor->is_acting();
}

/// The browser's cookie says the same as the session.
void keep_acting_cookie(Visit& visit) {
  const bool is_known = !browser::read_cookie(visit.request, browser::acting_cookie).empty();
  if (is_acting(visit) == is_known) return;
  if (is_known) return visit.cookies.remove(browser::acting_cookie);
  visit.cookies.set(browser::acting_cookie, "1", std::nullopt);
}

http::Response finish(Visit& visit, http::Response response) {
  keep_acting_cookie(visit);
  visit.cookies.move_to(response);
  return response;
}

/// The address that leads back to this page; "/account" after a POST, which has no such address.
std::string here_and_now(const Visit& visit) {
  if (visit.request.method != http::Method::get) return "/account";
  std::string path = visit.request.path;
  if (!visit.request.query.empty()) path += "?" + visit.request.query;
  return flow::is_local_path(path) ? path : "/account";
}

void add_session(View& view, const Visit& visit) {
  const rights::Session& session = *visit.visitor.session();
  const base::Time end = std::min(session.idle_until, session.absolute_until);
  const auto left = std::chrono::ceil<std::chrono::seconds>(end - visit.facts.now).count();
  const auto warning = std::chrono::duration_cast<std::chrono::seconds>(visit.house.settings.session.warning).count();
  view.text("session_end", text::format_clock(visit.language, end, visit.house.settings.site.time_zone));
  view.text("seconds_left", std::to_string(left));
  view.text("warning", std::to_string(warning));
  view.text("warn_after", std::to_string(std::max<std::int64_t>(left - warning, 1)));
}

std::string name_of(const identity::Account& account) {
  std::string name = account.display_name();
  return name.empty() ? account.login : name;
}

/// The banner while one acts for another person, and what is said once when that is over.
void add_acting(View& view, const Visit& visit) {
  const auto& ended = visit.visitor.acting_ended;
  if (!ended.empty()) {
    const std::string why = visit.say("audit.why." + std::string(ended));
    view.text("acting_over", visit.say("acting.over", {{"why", why}}));
  }
  if (!is_acting(visit)) return;
  const rights::Actor& actor = *visit.visitor.actor;
  // The pages are in the language of the other person, who may be the only one to understand it.
  const text::Language language = browser::choose_language(visit.request, "", actor.holder().locale);
  const auto say = [&](std::string_view key, const text::Arguments& arguments = {}) {
    return text::say(language, key, arguments);
  };
  const std::string until =
      text::format_clock(language, actor.session().acting_for->until, visit.house.settings.site.time_zone);
  view.text("acting_language", std::string(text::code_of(language))).text("acting_label", say("acting.label"));
  view.text("acting", say("acting.banner", {{"person", name_of(actor.account())}, {"time", until}}));
  view.text("acting_holder", say("acting.holder", {{"person", name_of(actor.holder())}}));
  view.text("acting_return", say("acting.return")).text("csrf_return", make_session_csrf(visit, "/account/return"));
}

/// Whether the organisation has client systems (S1.10). What cannot be read is not offered.
flow::FeatureMark find_systems_mark(const Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may(rights::Permission::manage_systems)) return {};
  return flow::find_feature_mark(visit.house, actor, flow::Feature::client_systems).value_or(flow::FeatureMark{});
}

void add_menu(View& view, const Visit& visit, std::string_view here) {
  const rights::Actor& actor = *visit.visitor.actor;
  struct Entry {
    std::string path;
    std::string_view key;
    std::string_view icon;  // of assets/icons.svg
    bool is_new = false;    // a feature that nobody has opened yet
  };
  const auto add_to = [&](std::string_view list, Entry entry) {
    View& item = view.add(list);
    item.flag("current", entry.path == here).text("label", visit.say(entry.key)).text("icon", std::string(entry.icon));
    item.text("href", std::move(entry.path));
    if (entry.is_new) item.text("mark", visit.say("feature.new"));
  };
  const auto add = [&](Entry entry) { add_to("menu", std::move(entry)); };
  const auto add_task = [&](Entry entry) { add_to("menu_administration", std::move(entry)); };
  const auto add_setting = [&](rights::Permissions may_see, Entry entry) {
    if (actor.may_one_of(may_see)) add_to("menu_settings", std::move(entry));
  };
  add({"/account", "menu.home", "home"});
  using rights::Permission;
  if (actor.may(Permission::own_data)) add({"/account/data", "menu.data", "person"});
  if (actor.may(Permission::own_password)) {
    add({"/account/security", "menu.security", "key"});
    add({"/account/factors", "menu.factors", "shield"});
  }
  add({"/account/applications", "menu.applications", "grid"});
  add({"/account/activity", "menu.activity", "clock"});
  add({"/account/sessions", "menu.sessions", "screen"});
  if (actor.may(Permission::sign)) add({"/account/sign", "menu.sign", "pen"});
  if (actor.may(Permission::own_password)) add({"/account/tokens", "menu.tokens", "key"});
  if (flow::offers_validation(visit.house, &actor).value_or(false)) add({"/verify", "menu.verify", "check"});
  if (flow::may_have_sub_accounts(actor.account())) {
    add({"/account/sub-accounts", "menu.sub_accounts", "people"});
  }
  if (actor.may(Permission::own_suspension)) add({"/account/suspend", "menu.suspend", "pause"});
  if (actor.may(Permission::own_deletion)) add({"/account/delete", "menu.delete", "bin"});
  if (flow::may_administer(actor)) add_task({"/admin", "menu.administration_home", "home"});
  if (actor.may(rights::Permission::read_accounts)) add_task({"/admin/accounts", "menu.accounts", "card"});
  if (actor.may(rights::Permission::manage_messages)) add_task({"/admin/outbox", "menu.outbox", "letter"});
  if (actor.may(Permission::manage_clients) || actor.may(Permission::read_settings))
    add_task({"/admin/applications", "menu.clients", "grid"});
  if (actor.may(Permission::manage_clients) || actor.may(Permission::read_settings))
    add_task({"/admin/resources", "menu.resources", "key"});
  if (actor.may(rights::Permission::read_audit)) add_task({"/admin/audit", "menu.audit", "log"});
  add_setting({Permission::manage_groups, Permission::manage_accounts, Permission::read_settings},
              {"/admin/groups", "menu.groups", "people"});
  add_setting({Permission::manage_contexts, Permission::read_settings}, {"/admin/contexts", "menu.contexts", "person"});
  add_setting({Permission::manage_contexts, Permission::read_settings}, {"/admin/roles", "menu.roles", "key"});
  add_setting({Permission::manage_tenants, Permission::read_settings},
              {"/admin/tenants", "menu.organisations", "grid"});
  add_setting({Permission::manage_policies, Permission::read_settings}, {"/admin/policies", "menu.policies", "key"});
  add_setting({Permission::manage_policies, Permission::read_settings},
              {"/admin/second-factor", "menu.second_factor", "key"});
  if (const auto systems = find_systems_mark(visit); systems.is_on) {
    add_setting({Permission::manage_systems}, {"/admin/systems", "menu.systems", "screen", systems.is_new});
  }
  add_setting({Permission::manage_credentials}, {"/admin/signatures", "menu.signatures", "pen"});
  add_setting({Permission::manage_authorities}, {"/admin/trust", "menu.trust", "shield"});
  add_setting({Permission::administer_all}, {"/admin/sms", "menu.sms", "letter"});
  view.flag("sets_up", view.find("menu_settings") != nullptr);
  view.flag("administers", view.find("menu_administration") != nullptr);
}

/// On the connector's listener: head line and menu with the words of its manual (S1.1). Without the permission there is
/// no menu.
void add_connector(View& view, const Visit& visit, std::string_view here) {
  const rights::Actor& actor = *visit.visitor.actor;
  const auto add = [&](std::string_view path, std::string_view key, std::string_view icon) -> View& {
    View& item = view.add("menu");
    item.flag("current", path == here).text("label", visit.say(key)).text("icon", std::string(icon));
    return item.text("href", std::string(path));
  };
  using rights::Permission;
  if (actor.may(Permission::manage_systems)) {
    add("/start.htm", "connector.start", "home");
    if (const auto systems = find_systems_mark(visit); systems.is_on) {
      const std::string mark = systems.is_new ? visit.say("feature.new") : std::string();
      add("/admin/systems", "connector.systems", "screen").text("mark", mark);
      view.flag("offers_systems").text("systems_mark", mark);
    }
    if (actor.may(Permission::manage_credentials)) add("/admin/signatures", "connector.signatures", "pen");
    if (actor.may(Permission::read_accounts)) add("/admin/accounts", "connector.people", "card");
    if (actor.may(Permission::read_audit)) add("/admin/audit", "menu.audit", "log");
    add("/account", "connector.profile", "person");
    if (actor.may(Permission::own_data)) add("/account/data", "menu.data", "person");
    if (actor.may(Permission::own_password)) {
      add("/account/security", "menu.security", "key");
      add("/account/factors", "menu.factors", "shield");
    }
    add("/account/sessions", "menu.sessions", "screen");
    add("/account/activity", "menu.activity", "clock");
  }
  const std::string key = "connector.role." + actor.context().role;
  const std::string role = text::has(key) ? visit.say(key) : context_name(visit, actor.context());
  const identity::Account& account = actor.account();
  view.flag("connector");
  view.text("connector_who",
            visit.say("connector.who",
                      {{"login", account.login.empty() ? name_of(account) : account.login}, {"role", role}}));
  const rights::Session& session = *visit.visitor.session();
  const base::Time end = std::min(session.idle_until, session.absolute_until);
  const auto left = std::chrono::ceil<std::chrono::seconds>(end - visit.facts.now).count();
  const auto two_digits = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  view.text("connector_left", two_digits(left / 60) + ":" + two_digits(left % 60));
}

}  // namespace

http::Response show_entry(Visit& visit, std::string_view page, std::string_view title, View view, int status) {
  view.text("title", visit.say(title)).text("help", find_help(page));
  view.text("administrator", visit.house.settings.site.administrator);
  // The look of the organisation that one is on the way to.
  base::Id tenant;
  if (visit.attempt) {
    // In the language of this page, which may be another than that in which the login began. Without it the page is
    // still complete.
    const auto face = flow::find_application_face(visit.house, visit.attempt->client_id, visit.language);
    if (face && *face) {
      view.text("client", (*face)->name);
      add_application_links(view, **face);
      tenant = (*face)->tenant_id;
    }
  }
  add_brand(view, *current_brand(visit.house, tenant));
  add_acting(view, visit);
  add_languages(view, visit, language_link(visit));
  http::Response response = http::Response::html(render(page, visit.language, view), status);
  if (visit.attempt) response.form_action = find_form_origin(*visit.attempt);
  return finish(visit, std::move(response));
}

http::Response show_inside(Visit& visit, std::string_view page, std::string_view title, std::string_view here,
                           View view, int status) {
  const rights::Actor& actor = *visit.visitor.actor;
  const std::string next = here_and_now(visit);
  view.text("title", visit.say(title)).text("help", find_help(page));
  view.text("administrator", visit.house.settings.site.administrator);
  add_brand(view, *current_brand(visit.house, actor.account().tenant_id));
  add_languages(view, visit, "");
  if (visit.request.prefix.empty())
    add_menu(view, visit, here);
  else
    add_connector(view, visit, here);
  add_acting(view, visit);
  add_session(view, visit);
  view.text("person", actor.account().display_name());
  view.text("context", context_name(visit, actor.context()));
  const auto offered = flow::list_offered_contexts(visit.house, visit.visitor, visit.facts);
  view.flag("may_switch", offered && offered->size() > 1 && !actor.is_acting());
  view.text("next", next).text("next_encoded", base::percent_encode(next));
  view.text("csrf_logout", make_session_csrf(visit, "/logout"));
  view.text("csrf_language", make_session_csrf(visit, "/account/language"));
  view.text("csrf_session", make_session_csrf(visit, "/account/session"));
  return finish(visit, http::Response::html(render(page, visit.language, view), status));
}

http::Response redirect(Visit& visit, std::string location) {
  return finish(visit, http::Response::redirect(std::move(location)));
}

http::Response redirect_to_login(Visit& visit) {
  begin_attempt(visit, here_and_now(visit));
  const bool had_session = !browser::session_of(visit.request).empty();
  return redirect(visit, flow::login_url(*visit.attempt) + (had_session ? "&ended=1" : ""));
}

http::Response lead_to_context(Visit& visit) {
  if (visit.visitor.must_prove()) return redirect(visit, "/login/factor");
  if (visit.visitor.must_change()) return redirect(visit, "/login/change");
  return visit.visitor.pending ? redirect(visit, "/login/context") : redirect_to_login(visit);
}

std::string context_name(const Visit& visit, const std::string& name) {
  return text::has(name) ? visit.say(name) : name;
}

std::string context_name(const Visit& visit, const rights::ActingContext& context) {
  return flow::name_of_context(context, visit.language);
}

std::string context_names(const Visit& visit, const std::vector<rights::ActingContext>& contexts) {
  std::vector<std::string> names;
  for (const rights::ActingContext& context : contexts) names.push_back(context_name(visit, context));
  return base::join(names, ", ");
}

std::string session_binding(const Visit& visit) {
  std::string binding = visit.visitor.session()->id.to_string();
  return is_acting(visit) ? binding + "/" + visit.visitor.actor->account().id.to_string() : binding;
}

std::string make_session_csrf(const Visit& visit, std::string_view path) {
  return browser::make_csrf(visit.house, session_binding(visit), path);
}

std::string make_attempt_csrf(const Visit& visit, std::string_view path) {
  return browser::make_csrf(visit.house, visit.attempt->id.to_string(), path);
}

}  // namespace web
