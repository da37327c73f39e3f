#include "web/admin/client_form.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "flow/client/client_snippets.hpp"
#include "flow/house/site_settings.hpp"
#include "text/text.hpp"

namespace web {
namespace {

using Texts = std::vector<std::string>;

/// Those that a test copies from the page and runs (tests/browser/application.mjs, tests/interop/snippets.mjs).
constexpr std::array<std::string_view, 6> run_snippets{"node", "python", "php", "apache", "curl", "introspection"};

struct TextField {
  std::string_view name;
  std::string rights::Client::*value;
};
constexpr std::array<TextField, 6> text_fields{{
    {"name", &rights::Client::name},
    {"name_de", &rights::Client::name_de},
    {"name_pl", &rights::Client::name_pl},
    {"description", &rights::Client::description},
    {"launch_uri", &rights::Client::launch_uri},
    {"backchannel_logout_uri", &rights::Client::backchannel_logout_uri},
}};

struct ListField {
  std::string_view name;
  Texts rights::Client::*value;
};
constexpr std::array<ListField, 2> line_fields{{
    {"redirect_uris", &rights::Client::redirect_uris},
    {"post_logout_redirect_uris", &rights::Client::post_logout_redirect_uris},
}};

struct ChoiceField {
  std::string_view name;
  Texts rights::Client::*value;
  std::span<const std::string_view> (*offered)();
};
constexpr std::array<ChoiceField, 3> choice_fields{{
    {"scopes", &rights::Client::scopes, rights::list_scopes},
    {"grants", &rights::Client::grants, rights::list_grants},
    {"id_token_claims", &rights::Client::id_token_claims, rights::list_id_token_claims},
}};

// Of the section on the protocol.
constexpr std::array<TextField, 4> protocol_fields{{
    {"jwks_uri", &rights::Client::jwks_uri},
    {"client_uri", &rights::Client::client_uri},
    {"policy_uri", &rights::Client::policy_uri},
    {"tos_uri", &rights::Client::tos_uri},
}};
constexpr std::array<std::string_view, 4> auths{"client_secret", "client_secret_basic", "client_secret_post",
                                                "private_key_jwt"};

constexpr std::array<std::string_view, 3> levels{"1", "2", "3"};
constexpr std::array<std::string_view, 2> algorithms{"ES256", "RS256"};
constexpr std::array<std::string_view, 3> userinfo_algorithms{"", "ES256", "RS256"};

/// The name of the box for one value of a field: each box has a name of its own.
std::string box_name(std::string_view field, std::string_view value) {
  return std::string(field) + ":" + std::string(value);
}

std::string trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

std::string say_flaw(const Visit& visit, const rights::ClientFlaw& flaw) {
  const std::string key = "client.flaw." + std::string(flaw.code);
  std::string sentence = visit.say(text::has(key) ? key : "client.flaw.other");
  return flaw.value.empty() ? sentence : sentence + " " + flaw.value;
}

/// Label, hint and flaws of one field.
void describe_field(View& item, const Visit& visit, std::string_view name,
                    const std::vector<rights::ClientFlaw>& flaws) {
  const std::string hint = "client.hint." + std::string(name);
  item.text("field_name", std::string(name)).text("label", visit.say("client.field." + std::string(name)));
  if (text::has(hint)) item.text("hint", visit.say(hint));
  std::string words;
  for (const rights::ClientFlaw& flaw : flaws) {
    if (flaw.field == name) words.append(words.empty() ? "" : " ").append(say_flaw(visit, flaw));
  }
  item.text("flaw", std::move(words));
}

void add_select(View& view, std::string_view list, std::span<const std::string_view> values, std::string_view chosen) {
  for (const std::string_view value : values) {
    view.add(list).text("value", std::string(value)).flag("chosen", value == chosen);
  }
}

}  // namespace

bool may_see_clients(const Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  return actor.may(rights::Permission::manage_clients) || actor.may(rights::Permission::read_settings);
}

std::vector<std::string> read_lines(std::string_view text) {
  Texts lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line = trim(text.substr(0, end));
    if (!line.empty()) lines.push_back(std::move(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

namespace {

// Scopes of resource servers have no box: there may be many.
void read_resource_scopes(const http::Form& form, const rights::Client& stored, rights::Client& client) {
  const auto lines = form.has("resource_scopes") ? read_lines(form.get("resource_scopes")) : stored.scopes;
  for (const std::string& scope : lines) {
    const bool is_box = rights::is_registered(Texts(rights::list_scopes().begin(), rights::list_scopes().end()), scope);
    if (!is_box && !rights::is_registered(client.scopes, scope)) client.scopes.push_back(scope);
  }
}

// A page without the section leaves all of it as it is.
void read_protocol(const http::Form& form, ShownClient& shown) {
  if (!form.has("protocol")) return;
  rights::Client& client = shown.client;
  for (const TextField& field : protocol_fields) client.*field.value = trim(form.get(std::string(field.name)));
  for (const rights::ClientSwitch& one : rights::list_client_switches()) {
    client.*one.value = form.has(std::string(one.name));
  }
  client.jwks = trim(form.get("jwks"));
  if (form.has("auth")) shown.auth = form.get("auth");
}

}  // namespace

ShownClient read_client_form(const http::Form& form, const rights::Client& stored) {
  ShownClient shown{stored, trim(form.get("account")), std::string(rights::auth_of(stored))};
  rights::Client& client = shown.client;
  for (const TextField& field : text_fields) client.*field.value = trim(form.get(std::string(field.name)));
  for (const ListField& field : line_fields) client.*field.value = read_lines(form.get(std::string(field.name)));
  for (const ChoiceField& field : choice_fields) {
    Texts chosen;
    for (const std::string_view one : field.offered()) {
      if (form.has(box_name(field.name, one))) chosen.emplace_back(one);
    }
    client.*field.value = std::move(chosen);
  }
  client.require_pkce = client.auth == rights::ClientAuth::none || form.has("require_pkce");
  client.writes_events = form.has("writes_events");
  client.for_tenants_below = form.has("for_tenants_below");
  const std::string level = form.get("level");
  client.level = level.size() == 1 ? level.front() - '0' : 0;
  client.id_token_alg = form.get("id_token_alg");
  client.userinfo_alg = form.get("userinfo_alg");
  read_resource_scopes(form, stored, client);
  read_protocol(form, shown);
  return shown;
}

flow::ClientWish make_wish(const ShownClient& shown, std::int64_t version) {
  const rights::Client& client = shown.client;
  flow::ClientWish wish;
  wish.version = version;
  wish.name = client.name;
  wish.name_de = client.name_de;
  wish.name_pl = client.name_pl;
  wish.description = client.description;
  wish.redirect_uris = client.redirect_uris;
  wish.post_logout_redirect_uris = client.post_logout_redirect_uris;
  wish.backchannel_logout_uri = client.backchannel_logout_uri;
  wish.launch_uri = client.launch_uri;
  wish.scopes = client.scopes;
  wish.grants = client.grants;
  wish.require_pkce = client.require_pkce;
  wish.id_token_alg = client.id_token_alg;
  wish.id_token_claims = client.id_token_claims;
  wish.level = client.level;
  wish.writes_events = client.writes_events;
  wish.for_tenants_below = client.for_tenants_below;
  wish.account = shown.account;
  wish.auth = shown.auth;
  wish.jwks = client.jwks;
  for (const TextField& field : protocol_fields) wish.texts.emplace_back(field.value, client.*field.value);
  wish.texts.emplace_back(&rights::Client::userinfo_alg, client.userinfo_alg);
  for (const rights::ClientSwitch& one : rights::list_client_switches()) {
    wish.switches.emplace_back(one.value, client.*one.value);
  }
  return wish;
}

namespace {

std::string print_resource_scopes(const rights::Client& client, std::string_view separator) {
  Texts some;
  for (const std::string& scope : client.scopes) {
    if (rights::is_resource_scope(scope)) some.push_back(scope);
  }
  return base::join(some, separator);
}

// A closed section would hide its mistakes.
bool is_protocol_flawed(const std::vector<rights::ClientFlaw>& flaws) {
  const auto is_inside = [](const rights::ClientFlaw& flaw) {
    const auto has_its_name = [&flaw](const auto& field) { return field.name == flaw.field; };
    const auto switches = rights::list_client_switches();
    return flaw.field == "resource_scopes" || flaw.field == "auth" || flaw.field == "jwks" ||
           std::any_of(protocol_fields.begin(), protocol_fields.end(), has_its_name) ||
           std::any_of(switches.begin(), switches.end(), has_its_name);
  };
  return std::any_of(flaws.begin(), flaws.end(), is_inside);
}

void add_protocol(View& view, const Visit& visit, const ShownClient& shown,
                  const std::vector<rights::ClientFlaw>& flaws) {
  const rights::Client& client = shown.client;
  view.flag("protocol_flawed", is_protocol_flawed(flaws) || visit.query.get("open") == "protocol");
  View& scopes = view.add("protocol_lines");
  describe_field(scopes, visit, "resource_scopes", flaws);
  scopes.text("value", print_resource_scopes(client, "\n"));
  for (const TextField& field : protocol_fields) {
    View& item = view.add("protocol_fields");
    describe_field(item, visit, field.name, flaws);
    item.text("value", client.*field.value);
  }
  for (const rights::ClientSwitch& one : rights::list_client_switches()) {
    // A public client and one that registered itself always ask for consent.
    const bool is_fixed =
        one.value == &rights::Client::is_first_party && (client.auth == rights::ClientAuth::none || client.is_dynamic);
    if (is_fixed) continue;
    View& item = view.add("protocol_switches");
    describe_field(item, visit, one.name, flaws);
    item.flag("checked", client.*one.value);
  }
  add_select(view, "auths", auths, shown.auth);
  View& keys = view.add("protocol_keys");
  describe_field(keys, visit, "jwks", flaws);
  keys.text("value", client.jwks);
}

}  // namespace

std::vector<std::pair<std::string_view, std::string>> print_fields(const ShownClient& shown) {
  const rights::Client& client = shown.client;
  std::vector<std::pair<std::string_view, std::string>> all;
  for (const TextField& field : text_fields) all.emplace_back(field.name, client.*field.value);
  for (const ListField& field : line_fields) all.emplace_back(field.name, base::join(client.*field.value, " "));
  for (const ChoiceField& field : choice_fields) {
    // In the order of the form, whatever order they were stored in.
    Texts chosen;
    for (const std::string_view one : field.offered()) {
      if (rights::is_registered(client.*field.value, one)) chosen.emplace_back(one);
    }
    all.emplace_back(field.name, base::join(chosen, " "));
  }
  all.emplace_back("level", std::to_string(client.level));
  all.emplace_back("id_token_alg", client.id_token_alg);
  all.emplace_back("userinfo_alg", client.userinfo_alg);
  all.emplace_back("require_pkce", client.require_pkce ? "yes" : "no");
  all.emplace_back("writes_events", client.writes_events ? "yes" : "no");
  all.emplace_back("for_tenants_below", client.for_tenants_below ? "yes" : "no");
  all.emplace_back("account", shown.account);
  all.emplace_back("resource_scopes", print_resource_scopes(client, " "));
  for (const TextField& field : protocol_fields) all.emplace_back(field.name, client.*field.value);
  for (const rights::ClientSwitch& one : rights::list_client_switches()) {
    all.emplace_back(one.name, client.*one.value ? "yes" : "no");
  }
  all.emplace_back("auth", shown.auth);
  all.emplace_back("jwks", client.jwks);
  return all;
}

void add_client_fields(View& view, const Visit& visit, const ShownClient& shown,
                       const std::vector<rights::ClientFlaw>& flaws) {
  const rights::Client& client = shown.client;
  for (const TextField& field : text_fields) {
    View& item = view.add("text_fields");
    describe_field(item, visit, field.name, flaws);
    item.text("value", client.*field.value).flag("required", field.name == "name");
  }
  for (const ListField& field : line_fields) {
    View& item = view.add("line_fields");
    describe_field(item, visit, field.name, flaws);
    item.text("value", base::join(client.*field.value, "\n"));
  }
  for (const ChoiceField& field : choice_fields) {
    View& item = view.add("choice_fields");
    describe_field(item, visit, field.name, flaws);
    for (const std::string_view one : field.offered()) {
      item.add("boxes")
          .text("box_name", box_name(field.name, one))
          .text("box_label", std::string(one))
          .flag("checked", rights::is_registered(client.*field.value, one));
    }
  }
  add_select(view, "levels", levels, std::to_string(client.level));
  add_select(view, "algorithms", algorithms, client.id_token_alg);
  add_select(view, "userinfo_algorithms", userinfo_algorithms, client.userinfo_alg);
  View& account = view.add("account_fields");
  describe_field(account, visit, "account", flaws);
  account.text("value", shown.account);
  view.flag("require_pkce", client.require_pkce).flag("writes_events", client.writes_events);
  view.flag("for_tenants_below", client.for_tenants_below);
  view.flag("confidential", client.auth != rights::ClientAuth::none);
  view.flag("has_secret", client.auth == rights::ClientAuth::secret);
  add_protocol(view, visit, shown, flaws);
}

void add_client_flaws(View& view, const Visit& visit, const std::vector<rights::ClientFlaw>& flaws) {
  for (const rights::ClientFlaw& flaw : flaws) {
    view.add("flaws").text("sentence", say_flaw(visit, flaw)).text("href", "#" + std::string(flaw.field));
  }
  view.flag("flawed", !flaws.empty());
}

void add_connection(View& view, const Visit& visit, const rights::Client& client) {
  view.text("issuer", visit.house.settings.site.issuer).text("client_id", client.client_id);
  view.text("discovery", flow::find_discovery_address(visit.house));
  const bool is_called = client.kind == rights::ClientKind::machine || client.kind == rights::ClientKind::resource;
  if (is_called) view.text("next", visit.say("client.next." + std::string(rights::name_of(client.kind))));
  view.flag("grants_scopes", client.kind == rights::ClientKind::machine);
  for (const flow::Snippet& snippet : flow::make_snippets(visit.house, client)) {
    view.add("snippets")
        .text("snippet_key", std::string(snippet.key))
        .text("snippet_title", std::string(snippet.title))
        .flag("is_open", is_called)
        .flag("not_run", std::find(run_snippets.begin(), run_snippets.end(), snippet.key) == run_snippets.end())
        .text("snippet", snippet.text);
  }
  view.flag("secret_in_environment", client.auth == rights::ClientAuth::secret && view.find("snippets") != nullptr);
}

}  // namespace web
