// Resource servers: other systems whose resources are protected by access tokens of this server (S4.20, RFC 8707). Each
// has scopes, permissions and roles, and each of these a rule that says who gets it. decide_access is the only place
// where a right at another system is decided; tokens and introspection ask it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "identity/account/account.hpp"
#include "rights/client.hpp"
#include "rights/context.hpp"

namespace rights {

/// Who gets something. Every list that is not empty must fit, each by one of its values. A rule that names nothing and
/// is not for all fits nobody, so that a right that was forgotten is no right.
struct AccessRule {
  bool is_for_all = false;  // everybody for whom a token may be issued at all; then nothing else is named
  std::vector<identity::AccountKind> account_kinds{};
  std::vector<std::string> contexts{};  // keys of acting contexts
  std::vector<base::Id> groups{};
  std::vector<base::Id> clients{};  // Client::id

  [[nodiscard]] bool names_something() const {
    return !account_kinds.empty() || !contexts.empty() || !groups.empty() || !clients.empty();
  }
  friend bool operator==(const AccessRule&, const AccessRule&) = default;
};

enum class ItemKind : std::uint8_t {
  scope,       // what a client asks for: "results:read"
  permission,  // what an account may do there: "results.correct"
  role         // a set of permissions: "physician"
};
inline constexpr std::size_t item_kinds = 3;
std::string_view name_of(ItemKind kind);
/// "scope", "permission", "role". Errors: invalid_input.
base::Result<ItemKind> parse_item_kind(std::string_view name);

struct ResourceItem {
  ItemKind kind = ItemKind::scope;
  std::string name;        // in tokens; unique among those of its kind
  std::string title{};     // for people; "" = the name
  std::string title_de{};  // "" = `title`
  std::string title_pl{};
  AccessRule rule{};
  std::string scope{};                     // of a permission or a role: only together with this scope; "" = with any
  std::vector<std::string> permissions{};  // of a role: names of permissions that it gives
  friend bool operator==(const ResourceItem&, const ResourceItem&) = default;
};
/// What people read in a language: "en", "de", "pl".
const std::string& title_in(const ResourceItem& item, std::string_view language);

struct ResourceServer {
  base::Id id;
  base::Id tenant_id;
  std::string identifier;             // the audience of its tokens: an absolute URI, compared as an exact string
  std::optional<base::Id> client_id;  // Client::id of the client as which it asks (introspection)
  std::string name;                   // for people
  std::string name_de;                // "" = `name`
  std::string name_pl;
  std::string description;
  bool enabled = true;
  bool for_tenants_below = false;  // also people and clients of the tenants below its own
  std::vector<ResourceItem> items;
  std::int64_t version = 0;
  base::Time created_at{};
  base::Time changed_at{};
};
const std::string& name_in(const ResourceServer& server, std::string_view language);
/// nullptr: it has none.
const ResourceItem* find_item(const ResourceServer& server, ItemKind kind, std::string_view name);
/// Whether a rule of one of its items names the group.
bool names_group(const ResourceServer& server, const base::Id& group_id);
/// Whether the client is registered for one of its scopes.
bool has_scope_of(const Client& client, const ResourceServer& server);
/// Whether the client may name it (RFC 8707 §2): it is one of Client::resources, or there are none and the client is
/// registered for one of its scopes.
bool may_name(const Client& client, const ResourceServer& server);

struct AccessFacts {
  const ResourceServer& server;
  const Client& client;
  const identity::Account* account = nullptr;  // nullptr: the client acts for itself and belongs to no account
  const ActingContext* context = nullptr;
  std::span<const base::Id> groups{};  // of the account
  /// Whether the tenants of client and account are the server's, or such as it serves.
  bool is_in_reach = false;
};
struct AccessDecision {
  std::vector<std::string> scopes{};  // of those that were asked for, in their order, each once
  std::vector<std::string> permissions{};
  std::vector<std::string> roles{};
};
/// `asked`: words of scope; what is no scope of the server is left out. A scope is given if the client is registered
/// for it and the rule fits. A role is given by its rule. A permission is given by its own rule or by a role. Out of
/// reach, or at a server that is switched off, there is nothing.
AccessDecision decide_access(const AccessFacts& facts, std::string_view asked);

/// What is wrong with one field. `code` is for the sentence in a person's language; `value` is what was given, if the
/// field has several.
struct ResourceFlaw {
  std::string_view field;
  std::string_view code;
  std::string value;
};
/// All flaws of a server that is to be stored: an identifier as RFC 8707 §2 wants it ("an absolute URI … MUST NOT
/// include a fragment component"), without blanks; a name; items with names of the right form, each once, that refer to
/// others which exist; no scope that belongs to this server's own API.
std::vector<ResourceFlaw> judge_resource(const ResourceServer& server);
/// The English sentence.
std::string describe(const ResourceFlaw& flaw);

inline constexpr std::size_t most_items = 200;
inline constexpr std::size_t longest_identifier = 500;

/// Paths below the issuer at which this server is a resource server itself.
inline constexpr std::string_view api_path = "/api/v1";
/// The scopes of the calls below api_path that this client may have, words: "audit:write" with Client::writes_events,
/// "messages:send" with Client::sends_messages, "sign", "verify" and "timestamp" if it is registered for them.
std::string list_api_scopes(const Client& client);
/// Whether the name is that of a scope of this server's own API, also of one that is not served yet.
bool is_api_scope(std::string_view scope);

}  // namespace rights
