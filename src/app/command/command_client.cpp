// client create|list|show; the others are in command_client_change.cpp
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "app/help/object_names.hpp"
#include "base/bytes.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/client/client_snippets.hpp"
#include "flow/client/search_clients.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/site_settings.hpp"

namespace app {
namespace {

namespace json = boost::json;

struct CreateOptions {
  rights::Client client;
  std::string kind;
  std::string account;
  std::string tenant;
  std::string auth;
  bool has_grants = false;
  bool has_scopes = false;
  bool is_public = false;
  bool no_pkce = false;
  bool secret_input = false;
  bool if_missing = false;
};

// For each secret, until when it may be used; null = without end. The newest first.
json::array json_of_secrets(const rights::Client& client) {
  json::array secrets;
  for (const rights::ClientSecret& secret : client.secrets) {
    secrets.push_back(secret.not_after ? json::value(base::to_rfc3339(*secret.not_after)) : json::value(nullptr));
  }
  return secrets;
}

/// The same for people.
json::array words_for_secrets(const rights::Client& client) {
  json::array secrets = json_of_secrets(client);
  for (json::value& until : secrets) {
    if (until.is_null()) until = "no end";
  }
  return secrets;
}

json::object json_of(const rights::Client& client) {
  json::object object;
  object["client_id"] = client.client_id;
  object["name"] = client.name;
  if (!client.name_de.empty()) object["name#de"] = client.name_de;
  if (!client.name_pl.empty()) object["name#pl"] = client.name_pl;
  object["kind"] = rights::name_of(client.kind);
  object["description"] = client.description;
  object["public"] = client.auth == rights::ClientAuth::none;
  object["redirect_uris"] = json::value_from(client.redirect_uris);
  object["post_logout_redirect_uris"] = json::value_from(client.post_logout_redirect_uris);
  object["backchannel_logout_uri"] = client.backchannel_logout_uri;
  object["launch_uri"] = client.launch_uri;
  object["scopes"] = json::value_from(client.scopes);
  object["resources"] = json::value_from(client.resources);
  object["grants"] = json::value_from(client.grants);
  object["require_pkce"] = client.require_pkce;
  object["id_token_alg"] = client.id_token_alg;
  object["userinfo_alg"] = client.userinfo_alg;
  object["id_token_claims"] = json::value_from(client.id_token_claims);
  object["level"] = client.level;
  object["writes_events"] = client.writes_events;
  object["sends_messages"] = client.sends_messages;
  object["for_tenants_below"] = client.for_tenants_below;
  object["account"] = client.account_id ? json::value(client.account_id->to_string()) : json::value(nullptr);
  object["enabled"] = client.enabled;
  object["auth"] = rights::auth_of(client);
  object["jwks_uri"] = client.jwks_uri;
  for (const rights::ClientSwitch& one : rights::list_client_switches()) object[one.name] = client.*one.value;
  object["dynamic"] = client.is_dynamic;
  object["type"] = client.auth == rights::ClientAuth::none ? "public" : "confidential";
  object["status"] = client.enabled ? "enabled" : "disabled";
  object["secrets"] = json_of_secrets(client);
  object["last_used"] =
      client.last_used_at ? json::value(base::to_rfc3339(*client.last_used_at)) : json::value(nullptr);
  return object;
}

int report(Console& console, const std::string& client_id, bool created, const base::Secret& made) {
  json::object object{{"client_id", client_id}, {"created", created}};
  std::string sentence = "client " + client_id + (created ? " was created" : " is there already");
  if (!made.empty()) {
    object["client_secret"] = made.reveal();
    sentence.append("\nsecret, shown this once: ").append(made.reveal());
  }
  return report_change(console, sentence, object);
}

base::Result<rights::ClientKind> find_kind(const CreateOptions& options) {
  if (!options.kind.empty()) return rights::parse_client_kind(options.kind);
  const auto auth = options.is_public ? rights::ClientAuth::none : rights::ClientAuth::secret;
  return rights::guess_kind(auth, options.client.redirect_uris, options.client.grants);
}

int create(const flow::House& house, Console& console, const CreateOptions& options) {
  const Operator by = make_command_operator();
  rights::Client client = options.client;
  const auto kind = find_kind(options);
  if (!kind) return refuse(console, kind.error());
  const rights::Client draft = rights::draft_client(*kind);
  client.kind = draft.kind;
  client.auth = draft.auth;
  if (!options.auth.empty()) {
    const auto proves = rights::set_auth(client, options.auth);
    if (!proves) return refuse(console, proves.error());
  }
  if (!options.kind.empty() && !options.has_grants) client.grants = draft.grants;
  if (!options.kind.empty() && !options.has_scopes) client.scopes = draft.scopes;
  client.require_pkce = !options.no_pkce;
  if (!options.account.empty()) {
    const auto account = flow::find_named_account(house, by.actor, options.account, by.facts.now);
    if (!account) return refuse(console, account.error());
    client.account_id = account->id;
  }
  const auto tenant = flow::find_named_tenant(house, by.actor, options.tenant);
  if (!tenant) return refuse(console, tenant.error());
  client.tenant_id = tenant->id;
  if (client.name.empty()) client.name = client.client_id;
  if (options.if_missing) {
    const auto there = flow::find_named_client(house, by.actor, client.client_id);
    if (there) return report(console, client.client_id, false, {});
    if (there.error().code != base::Code::not_found) return refuse(console, there.error());
  }
  const auto secret = flow::create_client(house, by.actor, client, console.secret, by.facts);
  if (!secret) return refuse(console, secret.error());
  warn(console, client);
  return report(console, client.client_id, true, options.secret_input ? base::Secret() : *secret);
}

int list(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto clients = flow::list_clients(house, by.actor);
  if (!clients) return refuse(console, clients.error());
  ListPrinter printer(console, {"client_id", "type", "status", "name", "last_used"});
  for (const auto& client : *clients) printer.add(json_of(client));
  return printer.finish();
}

int show(const flow::House& house, Console& console, const std::string& client_id) {
  const Operator by = make_command_operator();
  const auto client = flow::find_named_client(house, by.actor, client_id);
  if (!client) return refuse_unknown(console, client.error(), client_id, client_ids(house, by.actor));
  json::object object = json_of(*client);
  json::array weaknesses;
  for (const rights::ClientWeakness& one : rights::find_weaknesses(*client, by.facts.now)) {
    weaknesses.emplace_back(one.value.empty() ? std::string(one.code) : std::string(one.code) + ": " + one.value);
  }
  object["weaknesses"] = std::move(weaknesses);
  if (!console.form.json) object["secrets"] = words_for_secrets(*client);
  return print_object(console, object);
}

/// For people: each snippet under its title, as it is copied.
int print_all(const json::object& frame, const std::vector<flow::Snippet>& snippets, Console& console) {
  for (const auto& [name, value] : frame) {
    console.out.append(name).append(": ").append(std::string_view(value.get_string())).append("\n");
  }
  for (const flow::Snippet& one : snippets) {
    console.out.append("\n--- ").append(one.key).append(" --- ").append(one.title).append("\n").append(one.text);
  }
  return done;
}

int print_snippets(const flow::House& house, Console& console, const std::string& client_id, const std::string& key) {
  const Operator by = make_command_operator();
  const auto client = flow::find_named_client(house, by.actor, client_id);
  if (!client) return refuse_unknown(console, client.error(), client_id, client_ids(house, by.actor));
  const std::vector<flow::Snippet> snippets = flow::make_snippets(house, *client);
  json::object all{{"issuer", house.settings.site.issuer},
                   {"discovery", flow::find_discovery_address(house)},
                   {"client_id", client->client_id}};
  if (key.empty() && !console.form.json) return print_all(all, snippets, console);
  std::vector<std::string> there;
  const flow::Snippet* asked = nullptr;
  for (const flow::Snippet& one : snippets) {
    there.emplace_back(one.key);
    if (key == one.key) asked = &one;
    if (key.empty() || key == one.key) all[one.key] = one.text;
  }
  if (!key.empty() && asked == nullptr) {
    const std::string rest = there.empty() ? std::string("; it has none") : "; it has " + base::join(there, ", ");
    return refuse(console, base::Error{base::Code::not_found, "no such snippet for this client: " + key + rest});
  }
  if (console.form.json) return print_object(console, all);
  console.out.append(asked->text);
  return done;
}

void add_snippet(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "snippet", "what the developer of an application copies", chosen);
  auto client_id = std::make_shared<std::string>();
  auto key = std::make_shared<std::string>();
  command.add_option("CLIENT_ID", *client_id, "client_id")->required();
  command.add_option("LIBRARY", *key,
                     "node, python, spring, php, dotnet, apache, browser, android, curl or introspection; those of the "
                     "kind if it is not given");
  give_examples(command, {"client snippet my-app", "client snippet my-app node"});
  command.callback([&chosen, client_id, key] {
    chosen.in_house = [client_id, key](const flow::House& house, Console& console) {
      return print_snippets(house, console, *client_id, *key);
    };
  });
}

/// How the new client proves who it is. Gives --auth.
CLI::Option* add_proof_options(CLI::App& command, CreateOptions& options) {
  auto* const auth = command.add_option("--auth", options.auth,
                                        "how it proves itself: client_secret, client_secret_basic, client_secret_post "
                                        "or private_key_jwt, which needs no secret");
  auto* const keys = command.add_option("--jwks", options.client.jwks, "its public keys as a JWK set");
  command.add_option("--jwks-uri", options.client.jwks_uri, "where it publishes its public keys")->excludes(keys);
  return auth;
}

void add_create(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "create", "register an application that relies on this server", chosen);
  auto options = std::make_shared<CreateOptions>();
  auto& client = options->client;
  client.scopes = rights::draft_client(rights::ClientKind::web).scopes;
  command.add_option("CLIENT_ID,--id", client.client_id, "client_id")->required();
  command.add_option("--name", client.name, "name for people; the id if it is not given");
  command.add_option("--name-de", client.name_de, "its German name, if it has one");
  command.add_option("--name-pl", client.name_pl, "its Polish name, if it has one");
  auto* const kind = command.add_option("--kind", options->kind,
                                        "web, spa, native, machine or resource: decides about a secret, and about "
                                        "scopes and grants that are not named");
  command.add_option("--description", client.description, "one sentence for the list of applications");
  command.add_option("--redirect-uri", client.redirect_uris, "where answers may go, repeatable; compared exactly");
  command.add_option("--post-logout-redirect-uri", client.post_logout_redirect_uris,
                     "where a logout may lead, repeatable");
  command.add_option("--backchannel-logout-uri", client.backchannel_logout_uri, "where the end of a session is told");
  command.add_option("--launch-uri", client.launch_uri, "address for the list of applications");
  auto* const scope = command.add_option("--scope", client.scopes, "allowed scope, repeatable")->capture_default_str();
  auto* const grant = command.add_option("--grant", client.grants, "grant type, repeatable")->capture_default_str();
  command.add_option("--level", client.level, "least level of a login, 1 to 3")->capture_default_str();
  auto* const auth = add_proof_options(command, *options);
  command.add_flag("--public", options->is_public, "without a secret (browser or native application)")
      ->excludes(kind)
      ->excludes(auth);
  command.add_flag("--no-pkce", options->no_pkce, "do not demand PKCE; for confidential clients only");
  command.add_option("--id-token-alg", client.id_token_alg, "ES256 or RS256")->capture_default_str();
  command.add_option("--id-token-claim", client.id_token_claims,
                     "personal claim that ID tokens carry besides name, repeatable; all are at userinfo");
  command.add_flag("--may-write-events", client.writes_events, "let it write its own events into the audit log");
  command.add_flag("--for-tenants-below", client.for_tenants_below, "let people of the tenants below log in to it too");
  command.add_option("--tenant", options->tenant, "the tenant that it belongs to; the first one if it is not given");
  command.add_option("--account", options->account, "the account of kind client_system whose credentials these are");
  command.add_flag("--secret-stdin", options->secret_input,
                   "read the secret from the first line of standard input instead of making one");
  command.add_flag("--if-missing", options->if_missing, "do nothing if the client is there already");
  refuse_secret_option(command, "--secret", "--secret-stdin");
  give_examples(command,
                {"client create my-app --name \"My application\" --redirect-uri https://app.example.org/callback",
                 "client create my-spa --kind spa --redirect-uri https://spa.example.org/callback",
                 "client create my-robot --kind machine --auth private_key_jwt --jwks \"$(cat keys.json)\""});
  command.callback([&chosen, options, scope, grant] {
    options->has_scopes = scope->count() > 0;
    options->has_grants = grant->count() > 0;
    const bool is_public = options->is_public || options->kind == "spa" || options->kind == "native";
    if (is_public && options->secret_input)
      throw CLI::ValidationError("--secret-stdin", "a public client has no secret");
    if (options->auth == "private_key_jwt" && options->secret_input)
      throw CLI::ValidationError("--secret-stdin", "a client with private_key_jwt has no secret");
    chosen.secret = options->secret_input ? SecretFrom::input : SecretFrom::nothing;
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return create(house, console, *options);
    };
  });
}

}  // namespace

void warn(Console& console, const rights::Client& client) {
  for (const std::string& warning : rights::find_warnings(client)) console.err += "warning: " + warning + "\n";
}

void add_client_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "client", "applications that rely on this server");
  add_create(group, chosen);
  give_examples(add_list_command(group, "list clients", chosen, list), {"client list", "client list --json"});
  auto& showing = add_house_command(group, "show", "everything about a client but its secrets", chosen);
  give_examples(complete_with_name(showing, {"CLIENT_ID", "client_id"}, chosen, show),
                {"client show my-app", "client show my-app --json"});
  add_snippet(group, chosen);
  add_client_changes(group, chosen);
}

}  // namespace app
