// token create|list|revoke: tokens of this server for its own endpoints
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "flow/registration/administer_tokens.hpp"

namespace app {
namespace {

namespace json = boost::json;

struct CreateOptions {
  flow::TokenWishes wishes;
  std::string kind = "initial";
  std::int64_t uses = 1;
  std::int64_t hours = 24;
};

json::object json_of(const flow::ShownToken& token) {
  const auto time = [](const std::optional<base::Time>& at) {
    return at ? json::value(base::to_rfc3339(*at)) : json::value(nullptr);
  };
  json::object object{{"id", token.id.to_string()}, {"kind", token.kind}, {"name", token.name}};
  object["status"] = token.state;
  object["scopes"] = token.scopes;
  object["uses_left"] = token.uses_left ? json::value(*token.uses_left) : json::value(nullptr);
  object["created_at"] = base::to_rfc3339(token.created_at);
  object["expires_at"] = time(token.expires_at);
  object["last_used_at"] = time(token.last_used_at);
  object["revoked_at"] = time(token.revoked_at);
  return object;
}

int create(const flow::House& house, Console& console, const CreateOptions& options) {
  const Operator by = make_command_operator();
  flow::TokenWishes wishes = options.wishes;
  const auto kind = flow::parse_token_kind(options.kind);
  if (!kind) return refuse(console, kind.error());
  wishes.kind = *kind;
  // A program calls as often as it likes.
  const bool is_counted = *kind == flow::TokenKind::initial && options.uses != 0;
  wishes.uses = is_counted ? std::optional(options.uses) : std::nullopt;
  wishes.lasts = std::chrono::hours(options.hours);
  const auto made = flow::create_api_token(house, by.actor, wishes, by.facts);
  if (!made) return refuse(console, made.error());
  const std::string until = base::to_rfc3339(made->expires_at);
  return report_change(console,
                       "token " + made->id.to_string() + " was made, valid until " + until +
                           "\ntoken, shown this once: " + std::string(made->text.reveal()),
                       {{"id", made->id.to_string()}, {"token", made->text.reveal()}, {"expires_at", until}});
}

int list(const flow::House& house, Console& console, const std::string& tenant) {
  const Operator by = make_command_operator();
  const auto tokens = flow::list_api_tokens(house, by.actor, tenant, by.facts.now);
  if (!tokens) return refuse(console, tokens.error());
  ListPrinter printer(console, {"id", "kind", "status", "name", "uses_left", "expires_at"});
  for (const flow::ShownToken& token : *tokens) printer.add(json_of(token));
  return printer.finish();
}

int revoke(const flow::House& house, Console& console, const std::string& id) {
  const Operator by = make_command_operator();
  const auto revoked = flow::revoke_api_token(house, by.actor, id, by.facts);
  if (!revoked) return refuse(console, revoked.error());
  return report_change(console, "token " + id + (*revoked ? " counts no more" : " was revoked already"), *revoked);
}

void add_create(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "create", "make a token; it is printed once", chosen);
  auto options = std::make_shared<CreateOptions>();
  command
      .add_option("KIND", options->kind,
                  "initial: with it an application registers itself; personal: with it a program calls the API for "
                  "an account")
      ->capture_default_str();
  command.add_option("--name", options->wishes.name, "what it is for")->required();
  command.add_option("--tenant", options->wishes.tenant,
                     "the tenant of the applications; the first one if it is not given");
  command.add_option("--account", options->wishes.account, "of a personal token: login or id of the account");
  command.add_option("--scope", options->wishes.scopes,
                     "repeatable; of an initial token: scope that applications may get, the usual ones if none is "
                     "named; of a personal one: sign, verify, timestamp");
  command
      .add_option("--uses", options->uses, "how many applications may register with an initial token, 0 for any number")
      ->capture_default_str();
  command.add_option("--hours", options->hours, "how long it counts, at most 8760")->capture_default_str();
  give_examples(command,
                {"token create initial --name \"test of the portal\"",
                 "token create initial --name \"conformance suite\" --uses 0 --hours 720",
                 "token create personal --account anna.kowalska --name \"archive\" --scope sign --scope verify"});
  command.callback([&chosen, options] {
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return create(house, console, *options);
    };
  });
}

}  // namespace

void add_token_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(
      root, "token", "tokens with which applications register themselves, and programs call the API for a person");
  add_create(group, chosen);
  auto& listing =
      add_house_command(group, "list", "list the newest tokens of a tenant, never the tokens themselves", chosen);
  auto tenant = std::make_shared<std::string>();
  listing.add_option("--tenant", *tenant, "key or id; the first one if it is not given");
  add_header_option(listing, chosen);
  give_examples(listing, {"token list", "token list --json"});
  listing.callback([&chosen, tenant] {
    chosen.in_house = [tenant](const flow::House& house, Console& console) { return list(house, console, *tenant); };
  });
  auto& revoking = add_house_command(group, "revoke", "let a token count no more", chosen);
  give_examples(complete_with_name(revoking, {"TOKEN", "id of the token, as token list shows it"}, chosen, revoke),
                {"token revoke 019ac8d2-7c1e-7b4a-9f53-3d1c2a7e5b60"});
}

}  // namespace app
