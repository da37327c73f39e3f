#include "rights/resource.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/words.hpp"

namespace rights {
namespace {

constexpr std::array<std::string_view, item_kinds> kinds{"scope", "permission", "role"};
constexpr std::size_t longest_name = 100;
constexpr std::size_t longest_description = 1000;
constexpr std::size_t most_conditions = 100;

// docs/decisions/0077: what the API of this server has or will have.
constexpr std::array<std::string_view, 11> api_scopes{
    "accounts:read", "accounts:write", "clients:read", "clients:write", "audit:read", "audit:write",
    "config:apply",  "messages:send",  "sign",         "verify",        "timestamp"};

template <class Range, class T>
bool contains(const Range& range, const T& one) {
  return std::find(range.begin(), range.end(), one) != range.end();
}

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ). A comma would end a name in lists for people.
bool is_token(std::string_view name) {
  return !name.empty() && name.size() <= longest_name && std::all_of(name.begin(), name.end(), [](char c) {
    return c > 0x20 && c < 0x7f && c != '"' && c != '\\' && c != ',';
  });
}

bool is_of_scheme(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

// RFC 3986 §4.3: scheme ":" hier-part [ "?" query ]. Quotes and backslashes are no characters of a URI.
bool is_absolute_uri(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == uri.size()) return false;
  const std::string_view scheme = uri.substr(0, colon);
  if (scheme.front() < 'a' || scheme.front() > 'z') return false;
  if (!std::all_of(scheme.begin(), scheme.end(), is_of_scheme)) return false;
  if ((scheme == "https" || scheme == "http") &&
      (!uri.substr(colon).starts_with("://") || uri.size() <= colon + 3 || uri.at(colon + 3) == '/')) {
    return false;
  }
  return std::all_of(uri.begin(), uri.end(), [](char c) {
    return c > 0x20 && c < 0x7f && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
  });
}

// One list of a rule: empty fits everybody.
template <class Range, class F>
bool fits_one(const Range& values, const F& fits) {
  return values.empty() || std::any_of(values.begin(), values.end(), fits);
}

bool fits(const AccessRule& rule, const AccessFacts& facts) {
  if (rule.is_for_all) return true;
  if (!rule.names_something()) return false;
  return fits_one(
             rule.account_kinds,
             [&](identity::AccountKind kind) { return facts.account != nullptr && facts.account->kind == kind; }) &&
         fits_one(rule.contexts,
                  [&](const std::string& key) { return facts.context != nullptr && facts.context->key == key; }) &&
         fits_one(rule.groups, [&](const base::Id& group) { return contains(facts.groups, group); }) &&
         fits_one(rule.clients, [&](const base::Id& client) { return facts.client.id == client; });
}

void decide_scopes(const AccessFacts& facts, std::string_view asked, AccessDecision& decision) {
  base::for_each_word(asked, [&](std::string_view word) {
    const ResourceItem* item = find_item(facts.server, ItemKind::scope, word);
    if (item == nullptr || contains(decision.scopes, word) || !contains(facts.client.scopes, word)) return;
    if (fits(item->rule, facts)) decision.scopes.emplace_back(word);
  });
}

bool has_its_scope(const ResourceItem& item, const AccessDecision& decision) {
  return item.scope.empty() || contains(decision.scopes, item.scope);
}

void decide_roles(const AccessFacts& facts, AccessDecision& decision, std::set<std::string_view>& by_role) {
  for (const ResourceItem& item : facts.server.items) {
    if (item.kind != ItemKind::role || !has_its_scope(item, decision) || !fits(item.rule, facts)) continue;
    decision.roles.push_back(item.name);
    by_role.insert(item.permissions.begin(), item.permissions.end());
  }
}

using Flaws = std::vector<ResourceFlaw>;

void check_text(Flaws& flaws, std::string_view field, const std::string& text, std::size_t longest) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (text.size() > longest) flaws.push_back({field, "text_long", {}});
  if (std::any_of(text.begin(), text.end(), is_control)) flaws.push_back({field, "text_control", {}});
}

void check_rule(Flaws& flaws, const ResourceItem& item) {
  const AccessRule& rule = item.rule;
  if (rule.is_for_all && rule.names_something()) flaws.push_back({"rule", "rule_all", item.name});
  if (rule.account_kinds.size() + rule.contexts.size() + rule.groups.size() + rule.clients.size() > most_conditions) {
    flaws.push_back({"rule", "rule_long", item.name});
  }
}

void check_item(Flaws& flaws, const ResourceServer& server, const ResourceItem& item) {
  const bool is_scope = item.kind == ItemKind::scope;
  if (!is_token(item.name)) flaws.push_back({"item", "item_name", item.name});
  if (is_scope && is_token(item.name) && !is_resource_scope(item.name)) {
    flaws.push_back({"item", "scope_colon", item.name});
  }
  if (is_scope && is_api_scope(item.name)) flaws.push_back({"item", "scope_own", item.name});
  const auto same = std::count_if(server.items.begin(), server.items.end(), [&](const ResourceItem& other) {
    return other.kind == item.kind && other.name == item.name;
  });
  if (same > 1) flaws.push_back({"item", "item_twice", item.name});
  for (const std::string* title : {&item.title, &item.title_de, &item.title_pl}) {
    check_text(flaws, "title", *title, longest_name);
  }
  if (!item.scope.empty() && (is_scope || find_item(server, ItemKind::scope, item.scope) == nullptr)) {
    flaws.push_back({"scope", "scope_missing", item.scope});
  }
  for (const std::string& permission : item.permissions) {
    if (item.kind == ItemKind::role && find_item(server, ItemKind::permission, permission) != nullptr) continue;
    flaws.push_back({"permissions", "permission_missing", permission});
  }
  check_rule(flaws, item);
}

struct Sentence {
  std::string_view code;
  std::string_view text;
};
constexpr std::array<Sentence, 15> sentences{{
    {"identifier_form", "the identifier is an absolute URI without blanks, such as https://results.example.org/"},
    {"identifier_fragment", "the identifier may not have a fragment"},
    {"identifier_long", "the identifier is longer than 500 characters"},
    {"name_missing", "name is missing"},
    {"text_long", "is too long"},
    {"text_control", "has a control character"},
    {"items_many", "there are more than 200 scopes, permissions and roles"},
    {"item_name", "a name has 1 to 100 printable ASCII characters without blanks, quotes, commas and backslashes"},
    {"scope_colon", "a scope has a colon, so that it is none of OpenID Connect"},
    {"scope_own", "the scope belongs to this server's own API"},
    {"item_twice", "the name is there twice"},
    {"scope_missing", "there is no such scope here"},
    {"permission_missing", "there is no such permission here"},
    {"rule_all", "a rule for all names nothing else"},
    {"rule_long", "a rule names more than 100 things"},
}};

}  // namespace

std::string_view name_of(ItemKind kind) {
  return kinds.at(static_cast<std::size_t>(kind));
}

base::Result<ItemKind> parse_item_kind(std::string_view name) {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds.at(i) == name) return static_cast<ItemKind>(i);
  }
  return base::fail(base::Code::invalid_input, "neither scope, permission nor role: " + std::string(name));
}

const std::string& title_in(const ResourceItem& item, std::string_view language) {
  const std::string& own = item.title.empty() ? item.name : item.title;
  if (language == "de" && !item.title_de.empty()) return item.title_de;
  if (language == "pl" && !item.title_pl.empty()) return item.title_pl;
  return own;
}

const std::string& name_in(const ResourceServer& server, std::string_view language) {
  if (language == "de" && !server.name_de.empty()) return server.name_de;
  if (language == "pl" && !server.name_pl.empty()) return server.name_pl;
  return server.name;
}

bool names_group(const ResourceServer& server, const base::Id& group_id) {
  return std::any_of(server.items.begin(), server.items.end(), [&](const ResourceItem& item) {
    return std::find(item.rule.groups.begin(), item.rule.groups.end(), group_id) != item.rule.groups.end();
  });
}

const ResourceItem* find_item(const ResourceServer& server, ItemKind kind, std::string_view name) {
  const auto found = std::find_if(server.items.begin(), server.items.end(),
                                  [&](const ResourceItem& item) { return item.kind == kind && item.name == name; });
  return found == server.items.end() ? nullptr : &*found;
}

bool has_scope_of(const Client& client, const ResourceServer& server) {
  return std::any_of(client.scopes.begin(), client.scopes.end(),
                     [&](const std::string& scope) { return find_item(server, ItemKind::scope, scope) != nullptr; });
}

bool may_name(const Client& client, const ResourceServer& server) {
  return client.resources.empty() ? has_scope_of(client, server) : contains(client.resources, server.identifier);
}

AccessDecision decide_access(const AccessFacts& facts, std::string_view asked) {
  AccessDecision decision;
  if (!facts.server.enabled || !facts.is_in_reach) return decision;
  decide_scopes(facts, asked, decision);
  std::set<std::string_view> by_role;
  decide_roles(facts, decision, by_role);
  for (const ResourceItem& item : facts.server.items) {
    if (item.kind != ItemKind::permission || !has_its_scope(item, decision)) continue;
    if (by_role.contains(item.name) || fits(item.rule, facts)) decision.permissions.push_back(item.name);
  }
  return decision;
}

std::vector<ResourceFlaw> judge_resource(const ResourceServer& server) {
  Flaws flaws;
  if (server.identifier.size() > longest_identifier) flaws.push_back({"identifier", "identifier_long", {}});
  if (server.identifier.find('#') != std::string::npos) {
    flaws.push_back({"identifier", "identifier_fragment", {}});
  } else if (!is_absolute_uri(server.identifier)) {
    flaws.push_back({"identifier", "identifier_form", {}});
  }
  if (server.name.find_first_not_of(' ') == std::string::npos) flaws.push_back({"name", "name_missing", {}});
  check_text(flaws, "name", server.name, longest_name);
  check_text(flaws, "name_de", server.name_de, longest_name);
  check_text(flaws, "name_pl", server.name_pl, longest_name);
  check_text(flaws, "description", server.description, longest_description);
  if (server.items.size() > most_items) {
    flaws.push_back({"items", "items_many", {}});
    return flaws;
  }
  for (const ResourceItem& item : server.items) check_item(flaws, server, item);
  return flaws;
}

std::string describe(const ResourceFlaw& flaw) {
  const auto sentence =
      std::find_if(sentences.begin(), sentences.end(), [&](const Sentence& one) { return one.code == flaw.code; });
  std::string text(sentence == sentences.end() ? flaw.code : sentence->text);
  if (flaw.code == "text_long" || flaw.code == "text_control") return std::string(flaw.field) + " " + text;
  return flaw.value.empty() ? text : text + ": " + flaw.value;
}

std::string list_api_scopes(const Client& client) {
  std::string words;
  const auto add = [&](std::string_view word) { words.append(words.empty() ? "" : " ").append(word); };
  if (client.writes_events) add("audit:write");
  if (client.sends_messages) add("messages:send");
  // With which credentials it may sign is judged at each use.
  if (contains(client.scopes, std::string_view("sign"))) add("sign");
  // Who verifies a document learns nothing of this installation: to be registered for it is enough.
  if (contains(client.scopes, std::string_view("verify"))) add("verify");
  if (contains(client.scopes, std::string_view("timestamp"))) add("timestamp");
  return words;
}

bool is_api_scope(std::string_view scope) {
  return contains(api_scopes, scope);
}

}  // namespace rights
